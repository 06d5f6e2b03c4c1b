import type { JobBody } from '../../src/http/v1/schemas.ts';
import { CodedError } from '../failure.ts';

/** The findings that kept a version from being published; warnings were told before the upload. */
export function errorsOf(job: JobBody) {
  return job.stages.flatMap((stage) => stage.findings).filter(({ severity }) => severity === 'error');
}

/** Why a job that ended otherwise than in a published version did so, and what to do. Its code is the job's state. */
export function whyNotPublished(job: JobBody): CodedError {
  const fix =
    job.status === 'quarantined'
      ? `Wait for the decision, which is mailed; or appeal: skills appeal ${job.id}. A mended skill can be published under another version meanwhile.`
      : errorsOf(job).length > 0
        ? 'Mend what is named above, and publish again.'
        : 'Publish again later; if it stays, tell the operator of the registry.';
  const ref = `@${job.namespace}/${job.name}@${job.version}`;
  return new CodedError(job.status, `${ref} was not published: ${job.message}`, fix);
}
