import { parseSync, Visitor } from 'oxc-parser';

/** What the rules need to know about one source file. */
export interface Module {
  /** The specifiers of all imports and re-exports, types included. */
  readonly imports: readonly string[];
  /** Readings of the ambient clock that the linter cannot express. */
  readonly clockReads: readonly string[];
  /** Names of declared classes, interfaces, types and functions. */
  readonly declarations: readonly string[];
}

/** Reads a source file with a real parser: comments and strings never look like imports. */
export function parseModule(path: string, source: string): Module {
  const { program, module, errors } = parseSync(path, source);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const imports = [
    ...module.staticImports.map((statement) => statement.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
  ];
  const clockReads: string[] = [];
  const declarations: string[] = [];
  const declare = ({ id }: { id: { name: string } | null }) => {
    if (id !== null) declarations.push(id.name);
  };
  new Visitor({
    ImportExpression({ source: specifier }) {
      if (specifier.type === 'Literal') imports.push(String(specifier.value));
    },
    TSImportType(node) {
      imports.push(node.source.value);
    },
    NewExpression({ callee, arguments: given }) {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) clockReads.push('new Date()');
    },
    CallExpression({ callee }) {
      if (callee.type === 'Identifier' && callee.name === 'Date') clockReads.push('Date()');
    },
    MemberExpression({ object, property }) {
      const isGlobal = object.type === 'Identifier' && object.name === 'globalThis';
      if (!isGlobal || property.type !== 'Identifier') return;
      if (ambientGlobals.has(property.name)) clockReads.push(`globalThis.${property.name}`);
    },
    ClassDeclaration: declare,
    FunctionDeclaration: declare,
    TSInterfaceDeclaration: declare,
    TSTypeAliasDeclaration: declare,
  }).visit(program);
  return { imports: [...new Set(imports)], clockReads, declarations };
}

const ambientGlobals = new Set([
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
]);
