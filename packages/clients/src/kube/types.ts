/** What readers narrow field by field: a server may leave out anything. */
export type Fields = Readonly<Record<string, unknown>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339, as every time here. */
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** An object of any kind. Kinds with other fields (`data` of a Secret) are read through the index. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly [field: string]: unknown;
}

/** A resource as one version of its group serves it. Plain data: one that is known may be written down. */
export interface Resource {
  /** `''` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** One object, or with a `subresource` (`status`, `token`) a part of it. */
export interface ObjectPlace {
  /** Needed for namespaced resources, refused for others. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
}

export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface Page extends Selection {
  readonly limit?: number | undefined;
  /** Of the page before. */
  readonly continue?: string | undefined;
}

export interface KubeList {
  readonly items: readonly KubeObject[];
  /** Where a watch of the same selection begins. */
  readonly resourceVersion: string;
  /** There when more pages follow. */
  readonly continue?: string;
  /** Objects on the pages that follow, where the server counts them. */
  readonly remaining?: number;
}

/** One changing request: what is planned is what is sent. */
export interface Change {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path and query: `/apis/cluster.x-k8s.io/v1beta1/namespaces/dev/clusters?fieldValidation=Strict`. */
  readonly target: string;
  /** `application/json` when absent, for a PATCH `application/merge-patch+json`. */
  readonly contentType?: string;
  readonly body?: unknown;
}

export interface Stoppable {
  readonly signal?: AbortSignal | undefined;
}

export interface SendOptions extends Stoppable {
  /** Called with each `Warning:` the server sends with this answer. */
  readonly onWarning?: (text: string) => void;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

export interface Watched extends Selection, Stoppable {
  /** One object by its name. */
  readonly name?: string | undefined;
  /** Of the list or object that is known; changes after it are told. */
  readonly resourceVersion: string;
}
