/** The description of a new skill where nobody has said anything yet; long enough for a registry. */
export const PLACEHOLDER = 'Say in a sentence or two what this skill does, and when an agent should use it.';
