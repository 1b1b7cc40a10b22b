/** A managed object by type and id: `{ type: 'VirtualMachine', value: 'vm-12' }`. */
export interface Ref {
  readonly type: string;
  readonly value: string;
}

/** One object of a PropertyCollector answer. */
export interface Row {
  readonly ref: Ref;
  /** Property path -> decoded value. A property that is unset is absent. */
  readonly props: Readonly<Record<string, unknown>>;
  /** Property path -> type of the fault that stood in its place. */
  readonly missing: Readonly<Record<string, string>>;
}

/** A fault as it is embedded in answers. */
export interface LocalizedFault {
  readonly fault?: FaultFields;
  readonly localizedMessage?: string;
}

export interface FaultFields {
  readonly $type?: string;
  readonly faultCause?: LocalizedFault;
  readonly faultMessage?: readonly { readonly message?: string }[];
  readonly [field: string]: unknown;
}

/** The part of ServiceInstance.content that the clients use. */
export interface ServiceContent {
  readonly rootFolder: Ref;
  readonly propertyCollector: Ref;
  readonly viewManager: Ref;
  readonly sessionManager: Ref;
  readonly searchIndex: Ref;
  readonly taskManager: Ref;
  readonly authorizationManager: Ref;
  readonly about: AboutInfo;
}

export interface AboutInfo {
  readonly name: string;
  readonly fullName: string;
  readonly vendor: string;
  readonly version: string;
  readonly build: string;
  readonly apiType: string;
  readonly apiVersion: string;
  readonly osType: string;
  readonly productLineId: string;
  readonly instanceUuid?: string;
  readonly licenseProductName?: string;
  readonly licenseProductVersion?: string;
}
