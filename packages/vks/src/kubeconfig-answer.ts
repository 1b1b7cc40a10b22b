import { credential, type Plan } from '@vmware/policy';
import * as z from 'zod';
import { againstFile, pathOf, writeCredential } from './kubeconfig-file.js';

/** Inputs of the tools that hand over a kubeconfig. */
export const kubeconfigInput = {
  output_path: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe('New file for it, 0600, instead of the answer.'),
  overwrite: z.boolean().default(false).describe('Replace the file that is there.'),
};

interface Wish {
  readonly output_path?: string | undefined;
  readonly overwrite: boolean;
}

export const kubeconfigOutput = {
  kubeconfig: credential().nullable(),
  written_to: z.string().nullable(),
  expires_at: z.string().nullable(),
  from: z.string(),
};

/** What a plan says of where the kubeconfig goes, and what is against it. */
export async function whereTo({
  output_path,
  overwrite,
}: Wish): Promise<Pick<Plan, 'changes' | 'blockers'>> {
  if (output_path === undefined)
    return { changes: ['it is in the answer and on no disk'], blockers: [] };
  const path = pathOf(output_path);
  const wrong = await againstFile(path, overwrite);
  return {
    changes: [`it is written to ${path}, readable by its owner only`],
    blockers: wrong === undefined ? [] : [wrong],
  };
}

/** Hands the kubeconfig over, or writes it where it was asked to be. */
export async function handOver(
  text: string,
  { output_path, overwrite }: Wish,
  { expiresAt, from }: { readonly expiresAt: number | undefined; readonly from: string },
) {
  const expires_at = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  if (output_path === undefined) return { kubeconfig: text, written_to: null, expires_at, from };
  const path = pathOf(output_path);
  await writeCredential(path, text, overwrite);
  return { kubeconfig: null, written_to: path, expires_at, from };
}
