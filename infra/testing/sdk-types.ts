import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const require = createRequire(import.meta.url);

/** One thing that a value does against what the SDK declares, `rules.requiredStatusChecks.strict: found …, expected …`. */
export type Mismatch = string;

/** What the official SDK packages declare of resources' and functions' inputs, read from their own type declarations. */
export class SdkTypes {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  /** @param tokens types of resources and of functions, `aws:s3/bucket:Bucket`, `github:index/getTeam:getTeam` */
  constructor(tokens: Iterable<string>) {
    this.#program = ts.createProgram([...new Set([...tokens].map(fileOf))], {
      noLib: true,
      types: [],
      strict: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    this.#checker = this.#program.getTypeChecker();
  }

  /** Everything in `inputs` that is not as the SDK declares it. */
  mismatches(token: string, inputs: Readonly<Record<string, unknown>>): readonly Mismatch[] {
    const source = this.#program.getSourceFile(fileOf(token));
    const name = `${capital(token.split(":").at(-1) ?? "")}Args`;
    const declared = source?.statements.find(
      (statement): statement is ts.InterfaceDeclaration =>
        ts.isInterfaceDeclaration(statement) && statement.name.text === name,
    );
    if (declared === undefined)
      return [`${token}: found a type that the SDK does not declare, expected ${name}`];
    return this.#inInterface(declared, inputs, []);
  }

  #inInterface(
    declared: ts.InterfaceDeclaration | ts.TypeLiteralNode,
    value: unknown,
    path: Path,
  ): Mismatch[] {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return [wrong(path, value, "a mapping")];
    const index = declared.members.find(ts.isIndexSignatureDeclaration);
    const properties = new Map(
      declared.members
        .filter(ts.isPropertySignature)
        .map((member) => [member.name.getText().replaceAll('"', ""), member]),
    );
    const missing = [...properties]
      .filter(
        ([key, { questionToken }]) => questionToken === undefined && Reflect.get(value, key) === undefined,
      )
      .map(([key]) => wrong([...path, key], undefined, "a value: it is required"));
    const given = Object.entries(value).flatMap(([key, item]) => {
      // As if it had not been written.
      if (item === undefined) return [];
      const type = properties.get(key)?.type ?? index?.type;
      return type === undefined
        ? [wrong([...path, key], item, `one of ${[...properties.keys()].join(", ")}`)]
        : this.#inType(type, item, [...path, key]);
    });
    return [...missing, ...given];
  }

  #inType(node: ts.TypeNode, value: unknown, path: Path): Mismatch[] {
    if (ts.isParenthesizedTypeNode(node)) return this.#inType(node.type, value, path);
    if (ts.isUnionTypeNode(node)) return this.#inUnion(node.types, value, path);
    if (ts.isTypeLiteralNode(node)) return this.#inInterface(node, value, path);
    if (ts.isArrayTypeNode(node)) {
      if (!Array.isArray(value)) return [wrong(path, value, "a list")];
      return value.flatMap((item, index) => this.#inType(node.elementType, item, [...path, index]));
    }
    if (ts.isTypeReferenceNode(node)) return this.#inReference(node, value, path);
    // A resource in place of its id, which the SDK has taken by now.
    if (ts.isImportTypeNode(node)) return [wrong(path, value, node.getText())];
    return isPrimitive(node, value) ? [] : [wrong(path, value, node.getText())];
  }

  /** An enum beside `string` is what the service takes today: a value that is none of it is a mistake all the same. */
  #inUnion(types: readonly ts.TypeNode[], value: unknown, path: Path): Mismatch[] {
    const enums = types.filter((type) => this.#literals(type) !== undefined);
    const tried = (enums.length > 0 && typeof value === "string" ? enums : types).map((type) =>
      this.#inType(type, value, path),
    );
    return tried.some((mismatches) => mismatches.length === 0) ? [] : (tried[0] ?? []);
  }

  #inReference(node: ts.TypeReferenceNode, value: unknown, path: Path): Mismatch[] {
    const [argument] = node.typeArguments ?? [];
    const name = ts.isIdentifier(node.typeName) ? node.typeName.text : node.typeName.right.text;
    if (argument !== undefined && (name === "Input" || name === "Output" || name === "Promise")) {
      return this.#inType(argument, value, path);
    }
    const literals = this.#literals(node);
    if (literals !== undefined) {
      return literals.includes(value)
        ? []
        : [wrong(path, value, `one of ${literals.map(String).join(", ")}`)];
    }
    const [declaration] = this.#symbol(node)?.declarations ?? [];
    if (declaration === undefined)
      throw new Error(`${formatPath(path)}: ${node.getText()} is declared nowhere`);
    if (ts.isInterfaceDeclaration(declaration)) return this.#inInterface(declaration, value, path);
    if (ts.isTypeAliasDeclaration(declaration)) return this.#inType(declaration.type, value, path);
    // The SDK's own classes, of assets and archives.
    const kind = value?.constructor.name ?? "";
    return kind.endsWith(name) ? [] : [wrong(path, value, name)];
  }

  #symbol(node: ts.TypeReferenceNode): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
      ? this.#checker.getAliasedSymbol(symbol)
      : symbol;
  }

  /** The values of an enum, which the SDK declares as `(typeof Runtime)[keyof typeof Runtime]`. */
  #literals(node: ts.TypeNode): readonly unknown[] | undefined {
    if (!ts.isTypeReferenceNode(node)) return undefined;
    const declaration = this.#symbol(node)?.declarations?.find(ts.isTypeAliasDeclaration);
    if (declaration === undefined || !ts.isIndexedAccessTypeNode(declaration.type)) return undefined;
    const type = this.#checker.getTypeFromTypeNode(declaration.type);
    const members = type.isUnion() ? type.types : [type];
    return members.map((member) => (member.isLiteral() ? member.value : undefined));
  }
}

type Path = readonly (string | number)[];

/** `@pulumi/aws/s3/bucket.d.ts` of `aws:s3/bucket:Bucket`. A provider's own inputs are in `provider.d.ts`. */
function fileOf(token: string): string {
  const [name = "", module = ""] = token.split(":");
  const folder = join(require.resolve(`@pulumi/${name}/package.json`), "..");
  return join(folder, `${module.replace(/^index\//, "")}.d.ts`);
}

function isPrimitive(node: ts.TypeNode, value: unknown): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return typeof value === "string";
    case ts.SyntaxKind.NumberKeyword:
      return typeof value === "number";
    case ts.SyntaxKind.BooleanKeyword:
      return typeof value === "boolean";
    case ts.SyntaxKind.UndefinedKeyword:
      return value === undefined;
    case ts.SyntaxKind.AnyKeyword:
      return true;
    default:
      throw new Error(`${node.getText()}: a kind of type that this test does not know`);
  }
}

function wrong(path: Path, value: unknown, expected: string): Mismatch {
  const shown = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value)).slice(0, 80);
  return `${formatPath(path)}: found ${shown}, expected ${expected}`;
}

function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
