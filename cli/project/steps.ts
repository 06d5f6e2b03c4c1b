import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';

/** What changes the disk, and can fail half-way; a test makes it. */
export interface FileSteps {
  mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  writeFile(path: string, data: Uint8Array | string, options: { flag: 'wx'; mode: number }): Promise<void>;
  copyFile(from: string, to: string): Promise<void>;
  symlink(target: string, path: string, type?: 'junction'): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { recursive: true; force: true }): Promise<void>;
}

export const fileSteps: FileSteps = { mkdir, writeFile, copyFile, symlink, rename, rm };
