import type { ClientInstalls, InstallRun } from './clients.ts';
import { isControl } from './faces.ts';
import type { Catalogue } from './fill.ts';
import type { CliStart } from './footprint.ts';
import type { InstallTimes } from './install-time.ts';
import type { Measured } from './load.ts';
import type { Compared, Side } from './pairs.ts';
import { CONSTANT, type RowsRead } from './rows.ts';
import { count, duration, size, table } from './table.ts';

type Memory = { node: number; workerd: number };

export interface Measurements {
  skills: string;
  quick: boolean;
  catalogue: Catalogue;
  rows: Map<number, RowsRead[]>;
  load: Map<string, Measured>;
  /** The same use cases through every face; see `facePairs`. */
  faces: Map<string, Compared>;
  installTimes: { sequential: InstallTimes; parallel: InstallTimes };
  clients: ClientInstalls;
  memory: { filled: Memory; loaded: Memory };
  /** Milliseconds. */
  hubStart: number;
  bundle: { minified: number; gzip: number };
  cliStart: CliStart | undefined;
}

const HOT_AIM = 0.5;
/** A face may take a tenth more of the processor than `/v1`. */
const FACE_AIM = 1.1;
const INSTALLABLE_AIM_MS = 1_000;
const CLI_AIM = 2;
const COLD_AIM = 5;
const WARM_AIM = 20;
const BUNDLE_AIM_BYTES = 1024 * 1024;

/** The whole result as Markdown: tables first, then the aims, reached or not. */
export function report(measured: Measurements): string {
  const { catalogue } = measured;
  const scope = `${measured.skills}, ${count(catalogue.published.length)} of them published${measured.quick ? '; a quick run, with rounds too short to be exact' : ''}.`;
  return [
    scope,
    loadTable(measured.load),
    facesTable(measured.faces),
    rowsTable(measured.rows),
    clientsTable(measured.clients),
    otherTable(measured),
    refusedTable(catalogue),
  ].join('\n\n');
}

function loadTable(load: Map<string, Measured>): string {
  const rows = [...load].map(([name, { perSecond, p50, p99, ratio }]) => {
    const aim = /^(package metadata|pinned download), hot$/.test(name) ? verdict(ratio >= HOT_AIM, `≥ ${HOT_AIM}`) : '';
    return [name, count(perSecond), duration(p50), duration(p99), ratio.toFixed(2), aim];
  });
  return table(['16 connections', 'requests/s', 'p50', 'p99', 'of the empty Worker', 'aim'], rows);
}

function facesTable(faces: Map<string, Compared>): string {
  const rows = [...faces].map(([name, { base, other, times }]) => {
    const added = times.processor;
    return [
      ...[name, microseconds(other.processor), microseconds(base.processor), ratio(added), ratio(times.elapsed)],
      ...[kibibytes(other), kibibytes(base)],
      Number.isNaN(added) || isControl(name) ? '' : verdict(added <= FACE_AIM, `≤ ${FACE_AIM}`),
    ];
  });
  const head = ['each face, in turns with /v1', 'processor', '/v1', 'times', 'by the clock', 'answer', '/v1', 'aim'];
  return table(head, rows);
}

function microseconds(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? 'not told' : `${count(milliseconds * 1000)} µs`;
}

function ratio(times: number): string {
  return Number.isNaN(times) ? '' : times.toFixed(2);
}

function kibibytes({ bytes }: Side): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

function rowsTable(counted: Map<number, RowsRead[]>): string {
  const sizes = [...counted.keys()];
  const [first = []] = counted.values();
  const rows = first.map(({ request, statements }) => {
    const reads = [...counted.values()].map((each) => each.find((row) => row.request === request)?.rowsRead ?? 0);
    const constant = reads.every((rowsRead) => rowsRead === reads[0]);
    const aim = CONSTANT.includes(request) ? verdict(constant, 'constant') : '';
    return [request, String(statements), ...reads.map(count), aim];
  });
  const head = [
    'D1 rows read per request',
    'statements',
    ...sizes.map((skills) => `at ${count(skills)} skills`),
    'aim',
  ];
  return table(head, rows);
}

function clientsTable({ skills, cold, warm }: ClientInstalls): string {
  const cells = ({ milliseconds, memory }: InstallRun) => `${duration(milliseconds)}, ${size(memory)}`;
  const row = (name: string, runs: ClientInstalls['cold'], aim: number) => {
    const times = runs.clawhub.milliseconds / runs.skills.milliseconds;
    return [name, cells(runs.skills), cells(runs.clawhub), times.toFixed(1), verdict(times >= aim, `≥ ${aim}`)];
  };
  const head = [`installing ${skills} skills`, '`skills`, one command', '`clawhub` 0.23.3, one by one', 'times', 'aim'];
  return table(head, [row('cold', cold, COLD_AIM), row('warm', warm, WARM_AIM)]);
}

function otherTable(measured: Measurements): string {
  const { installTimes, memory, catalogue, bundle, hubStart } = measured;
  const installable = (times: InstallTimes) => [
    `${duration(times.median)}, worst ${duration(times.worst)}`,
    verdict(times.worst < INSTALLABLE_AIM_MS, '< 1 s'),
  ];
  const resident = ({ node, workerd }: Memory) => [`Node ${size(node)}, workerd ${size(workerd)}`, ''];
  const skills = catalogue.published.length;
  return table(
    ['other', 'result', 'aim'],
    [
      ['upload to download, one after the other', ...installable(installTimes.sequential)],
      ['upload to download, 16 at once', ...installable(installTimes.parallel)],
      [
        'filling the catalogue',
        `${duration(catalogue.seconds * 1000)}, ${count(skills / catalogue.seconds)} skills/s`,
        '',
      ],
      ['memory after the fill', ...resident(memory.filled)],
      ['memory after the load', ...resident(memory.loaded)],
      ['hub start on the full data directory', duration(hubStart), ''],
      ['`skills --version`', ...cliCells(measured.cliStart)],
      [
        'Worker bundle',
        `${size(bundle.minified)} minified, ${size(bundle.gzip)} gzip`,
        verdict(bundle.gzip < BUNDLE_AIM_BYTES, '< 1 MiB gzip'),
      ],
    ],
  );
}

function cliCells(start: CliStart | undefined): string[] {
  if (!start) return ['not measured: the command line is not built', ''];
  const ratio = start.skills / start.node;
  const medians = (start.skillsMedian / start.nodeMedian).toFixed(1);
  return [
    `${duration(start.skills)} to ${duration(start.node)} for \`node -e 0\`: ${ratio.toFixed(1)} times, by medians ${medians}`,
    verdict(ratio <= CLI_AIM, `≤ ${CLI_AIM} times`),
  ];
}

function refusedTable({ refused }: Catalogue): string {
  if (refused.size === 0) return 'No skill was refused.';
  const rows = [...refused]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([reason, { count: skills, example }]) => [`\`${reason}\``, count(skills), example]);
  return table(['refused for', 'skills', 'for example'], rows);
}

function verdict(reached: boolean, aim: string): string {
  return `${aim}: ${reached ? 'reached' : '**missed**'}`;
}
