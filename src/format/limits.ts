/** What one bundle may weigh. Every number is inclusive; bytes are counted while reading, after decompression. */
export interface Limits {
  maxFiles: number;
  maxUnpackedBytes: number;
  maxFileBytes: number;
  /** Size of the compressed archive as it was sent. */
  maxArchiveBytes: number;
}

const MIB = 1024 * 1024;

/** 512 files and 16 MiB are what the skills extension of MCP allows a skill; the others follow from them. */
export const DEFAULT_LIMITS: Limits = {
  maxFiles: 512,
  maxUnpackedBytes: 16 * MIB,
  maxFileBytes: 10 * MIB,
  maxArchiveBytes: 16 * MIB,
};
