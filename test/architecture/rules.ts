import { dirname, join } from 'node:path/posix';
import { parseModule } from './module.ts';

/** One package of `floors.json`. */
export interface PackagePlan {
  readonly name: string;
  /** Folder of the sources, from the root of the repository. */
  readonly source: string;
  /** Folders by floor, lowest first; without it the package has no floors. */
  readonly floors?: readonly (readonly string[])[];
  /** How many floors, from the lowest, `index.ts` may show; all by default. */
  readonly frontDoorFloors?: number;
  /** Files and folders that may import `node:` modules; everything by default. */
  readonly nodeOnly?: readonly string[];
  /** The one file that may read the platform's time and chance; no such rule by default. */
  readonly ambient?: string;
  /** Third-party packages, and the files and folders that may import them; anything goes by default. */
  readonly thirdParty?: Readonly<Record<string, readonly string[]>>;
  /** Packages of this workspace that it may import. */
  readonly imports: readonly string[];
  /** `'browser'` forbids `node:` modules. */
  readonly platform?: 'browser';
}

const workspaceName = /^(?:mulligan(?:-.+)?|@mulligan\/.+)$/u;
const bannedFileNames = /^(?:utils?|helpers?|common|misc|shared|stuff|.*-(?:impl|manager|utils?|helpers?))$/u;
const bannedNames = /(?:Impl|Manager|Utils?|Helpers?)$|^I(?!P)[A-Z][a-z]/u;

const isTest = (path: string) => /\.test(?:-d)?\.tsx?$/u.test(path);

/** The folder of a path inside a package's sources; a single file at the top counts as a folder of its name. */
const folderOf = (path: string) => path.replace(/\/.*$|\.tsx?$/u, '');

const isUnder = (path: string, entries: readonly string[]) =>
  entries.some((entry) => path === `${entry}.ts` || path.startsWith(`${entry}/`));

/** Checks one package; `files` are its sources by path, relative to the plan's `source`. Answers in sentences. */
export function checkArchitecture(plan: PackagePlan, files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, source]) => {
    const { imports, clockReads, declarations } = parseModule(path, source);
    const complaints = [
      ...checkNames(path, declarations),
      ...imports.map((specifier) =>
        specifier.startsWith('.')
          ? checkRelative(plan, path, join(dirname(path), specifier))
          : checkBare(plan, path, specifier),
      ),
    ];
    if (plan.floors !== undefined && !isTest(path) && floorOf(plan, folderOf(path)) === undefined)
      complaints.push(`the folder ${folderOf(path)} has no floor in floors.json`);
    if (plan.ambient !== undefined && path !== plan.ambient && !isTest(path))
      complaints.push(...clockReads.map((read) => `${read} reads ambient time: take it from the World`));
    return complaints
      .flatMap((complaint) => complaint ?? [])
      .map((complaint) => `${plan.source}/${path}: ${complaint}`);
  });
}

/** The floor of a folder; `index`, the front door, stands above all. */
function floorOf(plan: PackagePlan, folder: string): number | undefined {
  const floors = plan.floors ?? [];
  if (folder === 'index') return floors.length;
  const floor = floors.findIndex((folders) => folders.includes(folder));
  return floor === -1 ? undefined : floor;
}

function checkRelative(plan: PackagePlan, path: string, target: string): string | undefined {
  const [own, other] = [folderOf(path), folderOf(target)];
  if (target.startsWith('..'))
    return isTest(path) && target.includes('test/support/') ? undefined : `imports ${target}, outside of its package`;
  if (plan.floors === undefined) return undefined;
  if (own === other) return checkWithin(path, target, own);
  if (target !== `${other}/index.ts` && target !== `${other}.ts`)
    return `imports ${target}: other folders are entered through ${other}/index.ts only`;
  // A test may stand on any floor: it may use the virtual world of `testing`, for instance.
  return isTest(path) ? undefined : checkFloor(plan, own, other);
}

function checkWithin(path: string, target: string, own: string): string | undefined {
  const isOwnDoor = target === `${own}/index.ts` && !isTest(path);
  return isOwnDoor ? `imports its own folder's ${target}: import the file itself` : undefined;
}

function checkFloor(plan: PackagePlan, own: string, other: string): string | undefined {
  const [from, to] = [floorOf(plan, own), floorOf(plan, other)];
  if (from === undefined || to === undefined) return undefined;
  if (own === 'index' && to >= (plan.frontDoorFloors ?? Number.POSITIVE_INFINITY))
    return `the front door must not show ${other}, which is on floor ${to}`;
  if (to < from) return undefined;
  return to === from
    ? `imports its sibling ${other}: both are on floor ${to}`
    : `imports ${other} of floor ${to} from floor ${from}: imports only go down`;
}

function checkBare(plan: PackagePlan, path: string, specifier: string): string | undefined {
  if (isTest(path)) return undefined;
  if (specifier.startsWith('node:')) {
    const isAllowed = plan.platform !== 'browser' && (plan.nodeOnly === undefined || isUnder(path, plan.nodeOnly));
    return isAllowed ? undefined : `imports ${specifier}, but is not marked Node only in floors.json`;
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (plan.imports.includes(name)) return undefined;
  if (workspaceName.test(name)) return `imports ${name}, which is not below ${plan.name}`;
  if (plan.thirdParty === undefined || isUnder(path, plan.thirdParty[name] ?? [])) return undefined;
  return `imports ${specifier}, which floors.json does not allow here`;
}

function checkNames(path: string, declarations: readonly string[]): string[] {
  const parts = path.replace(/(?:\.test(?:-d)?)?\.tsx?$/u, '').split('/');
  return [
    ...parts.filter((part) => bannedFileNames.test(part)).map((part) => `the name ${part} says nothing`),
    ...declarations
      .filter((name) => bannedNames.test(name))
      .map((name) => `the name ${name} has a prefix or suffix without meaning`),
  ];
}
