/** The part of autocannon 9 that the benchmark uses; the package has no types of its own. */
declare module 'autocannon' {
  export interface AutocannonClient {
    setRequests(requests: { path: string }[]): void;
    /** Not documented. */
    pipelinedRequests: { addBody(bytes: Uint8Array): void };
  }

  export interface Options {
    url: string;
    connections: number;
    /** Requests in total, dealt out evenly among the connections; excludes `duration`. */
    amount?: number;
    /** Seconds. */
    duration?: number;
    /** Milliseconds between looks at the clock. */
    sampleInt?: number;
    setupClient?: (client: AutocannonClient) => void;
  }

  export interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
  }

  export interface Run extends Promise<Result> {
    on(
      event: 'response',
      listener: (client: AutocannonClient, status: number, bytes: number, milliseconds: number) => void,
    ): void;
  }

  export default function autocannon(options: Options): Run;
}
