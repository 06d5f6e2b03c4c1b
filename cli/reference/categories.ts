/** The parts of the overview and of the reference, in their order. */
export const CATEGORIES: readonly string[] = [
  'Using skills',
  'Writing skills',
  'Account',
  'This machine',
  'Running a hub',
  'Running a registry',
];
