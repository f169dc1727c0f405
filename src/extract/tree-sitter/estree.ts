import type { Span } from '../../model/facts.ts';
import { child, childOf, childrenOf, type SyntaxNode } from './syntax.ts';

/** A node as ESTree (with its TypeScript additions) has it: what the other parsers of TypeScript give. */
export interface EsNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}
export interface Converted {
  readonly program: EsNode;
  readonly comments: readonly { readonly span: Span; readonly text: string }[];
}

type Convert = (node: SyntaxNode, at: Context) => EsNode;
interface Context {
  readonly text: string;
}

/** The tree of tree-sitter's TypeScript, TSX or JavaScript grammar, in the terms of ESTree. */
export function toEstree(root: SyntaxNode, text: string): Converted {
  const at = { text };
  const program = make('Program', root, { body: statements(root.children, at) });
  return { program, comments: comments(root, text) };
}

function comments(root: SyntaxNode, text: string): Converted['comments'] {
  const found: { span: Span; text: string }[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'comment') {
      const [start, end] = node.span;
      found.push({ span: [start, end], text: text.slice(start + 2, text[start + 1] === '*' ? end - 2 : end) });
    }
    open.push(...node.children);
  }
  return found.sort((a, b) => a.span[0] - b.span[0]);
}

const make = (type: string, { span }: SyntaxNode, fields: Readonly<Record<string, unknown>>): EsNode => ({
  type,
  start: span[0],
  end: span[1],
  ...fields,
});
const written = (node: SyntaxNode, { text }: Context) => text.slice(...node.span);
const has = (node: SyntaxNode, type: string) => node.children.some((each) => each.type === type);
/** The nodes that mean something: neither keywords, operators nor comments. */
const content = (node: SyntaxNode) => node.children.filter(({ type, named }) => named && type !== 'comment');

const convert: Convert = (node, at) => (converters[node.type] ?? generic)(node, at);
const convertField = (node: SyntaxNode, field: string, at: Context): EsNode | undefined => {
  const found = child(node, field);
  return found && convert(found, at);
};
const generic: Convert = (node, at) =>
  make(node.type, node, { children: content(node).map((each) => convert(each, at)) });
const statements = (nodes: readonly SyntaxNode[], at: Context): EsNode[] =>
  nodes
    .filter(({ type, named }) => named && type !== 'comment' && type !== 'hash_bang_line')
    .map((each) => convert(each, at));

const identifier: Convert = (node, at) => make('Identifier', node, { name: written(node, at) });
const wrapper =
  (type: string): Convert =>
  (node, at) => {
    const [expression] = content(node);
    return make(type, node, { expression: expression ? convert(expression, at) : null });
  };

function cooked(parts: readonly SyntaxNode[], at: Context): string {
  return parts
    .map((part) => (part.type === 'escape_sequence' ? unescaped(written(part, at)) : written(part, at)))
    .join('');
}
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };
function unescaped(sequence: string): string {
  const hex = /^\\(?:x|u\{?)([0-9a-f]+)\}?$/i.exec(sequence)?.[1];
  if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
  if (/^\\\r?\n/.test(sequence)) return '';
  return escapes[sequence[1] ?? ''] ?? sequence.slice(1);
}

const string: Convert = (node, at) => make('Literal', node, { value: cooked(node.children, at) });

const template: Convert = (node, at) => {
  const quasis: EsNode[] = [];
  let parts: SyntaxNode[] = [];
  const flush = (end: number) => {
    const start = parts[0]?.span[0] ?? end;
    quasis.push({ type: 'TemplateElement', start, end, value: { cooked: cooked(parts, at) } });
    parts = [];
  };
  const expressions: EsNode[] = [];
  for (const part of node.children) {
    if (part.type !== 'template_substitution') {
      if (part.type === 'string_fragment' || part.type === 'escape_sequence') parts.push(part);
      continue;
    }
    flush(part.span[0]);
    const [expression] = content(part);
    if (expression) expressions.push(convert(expression, at));
  }
  flush(node.span[1] - 1);
  return make('TemplateLiteral', node, { quasis, expressions });
};

const number: Convert = (node, at) => {
  const raw = written(node, at).replaceAll('_', '');
  return raw.endsWith('n')
    ? make('Literal', node, { value: raw, bigint: raw })
    : make('Literal', node, { value: Number(raw) });
};

const key = (name: SyntaxNode, at: Context): { key: EsNode; computed: boolean } => {
  if (name.type !== 'computed_property_name') {
    const type = name.type === 'private_property_identifier' ? 'PrivateIdentifier' : undefined;
    return { key: type ? make(type, name, { name: written(name, at).slice(1) }) : convert(name, at), computed: false };
  }
  const [expression] = content(name);
  return { key: expression ? convert(expression, at) : identifier(name, at), computed: true };
};

const object: Convert = (node, at) =>
  make(node.type === 'object_pattern' ? 'ObjectPattern' : 'ObjectExpression', node, {
    properties: content(node).map((each) => property(each, at)),
  });

const property: Convert = (node, at) => {
  const plain = { kind: 'init', computed: false, method: false, shorthand: false };
  switch (node.type) {
    case 'shorthand_property_identifier':
    case 'shorthand_property_identifier_pattern': {
      const name = identifier(node, at);
      return make('Property', node, { ...plain, key: name, value: name, shorthand: true });
    }
    case 'object_assignment_pattern': {
      const left = child(node, 'left');
      const name = left ? identifier(left, at) : identifier(node, at);
      const right = convertField(node, 'right', at);
      return make('Property', node, {
        ...plain,
        key: name,
        value: make('AssignmentPattern', node, { left: name, right }),
        shorthand: true,
      });
    }
    case 'pair':
    case 'pair_pattern': {
      const name = child(node, 'key');
      return make('Property', node, { ...plain, ...(name && key(name, at)), value: convertField(node, 'value', at) });
    }
    case 'method_definition': {
      const name = child(node, 'name');
      return make('Property', node, {
        ...plain,
        ...(name && key(name, at)),
        value: fn('FunctionExpression')(methodFrom(node), at),
        method: true,
      });
    }
    default:
      return convert(node, at);
  }
};

/** The function of a method starts at its parameters. */
const methodFrom = (node: SyntaxNode): SyntaxNode => {
  const start = (child(node, 'type_parameters') ?? child(node, 'parameters'))?.span[0] ?? node.span[0];
  return {
    ...node,
    span: [start, node.span[1]],
    children: node.children.filter(({ field }) => field !== 'name' && field !== 'decorator'),
  };
};

const list =
  (type: string): Convert =>
  (node, at) =>
    make(type, node, { elements: content(node).map((each) => convert(each, at)) });
const rest =
  (type: string): Convert =>
  (node, at) => {
    const [argument] = content(node);
    return make(type, node, { argument: argument ? convert(argument, at) : null });
  };

const call: Convert = (node, at) => {
  const callee = child(node, 'function') ?? child(node, 'constructor');
  if (callee?.type === 'await_expression') return awaited(node, callee, at);
  const given = child(node, 'arguments');
  if (given?.type === 'template_string') {
    return make('TaggedTemplateExpression', node, { tag: callee && convert(callee, at), quasi: template(given, at) });
  }
  const args = given ? content(given).map((each) => convert(each, at)) : [];
  if (callee?.type === 'import') return make('ImportExpression', node, { source: args[0], options: args[1] ?? null });
  return make(node.type === 'new_expression' ? 'NewExpression' : 'CallExpression', node, {
    callee: callee && convert(callee, at),
    arguments: args,
  });
};

/** The grammar reads `await f<T>()` as `(await f)<T>()`. */
function awaited(node: SyntaxNode, callee: SyntaxNode, at: Context): EsNode {
  const [inner] = content(callee);
  if (!inner) return generic(node, at);
  const function_: SyntaxNode = { ...inner, field: 'function' };
  const children = node.children.map((each) => (each === callee ? function_ : each));
  return make('AwaitExpression', node, {
    argument: call({ ...node, span: [inner.span[0], node.span[1]], children }, at),
  });
}

const member: Convert = (node, at) => {
  const property = child(node, 'property');
  const isPrivate = property?.type === 'private_property_identifier';
  return make('MemberExpression', node, {
    object: convertField(node, 'object', at),
    property:
      property &&
      (isPrivate
        ? make('PrivateIdentifier', property, { name: written(property, at).slice(1) })
        : identifier(property, at)),
    computed: false,
  });
};
const index: Convert = (node, at) =>
  make('MemberExpression', node, {
    object: convertField(node, 'object', at),
    property: convertField(node, 'index', at),
    computed: true,
  });

const operators = new Set(['&&', '||', '??']);
const binary: Convert = (node, at) => {
  const operator = child(node, 'operator')?.type ?? '';
  return make(operators.has(operator) ? 'LogicalExpression' : 'BinaryExpression', node, {
    operator,
    left: convertField(node, 'left', at),
    right: convertField(node, 'right', at),
  });
};
const assignment: Convert = (node, at) =>
  make('AssignmentExpression', node, {
    operator: child(node, 'operator')?.type ?? '=',
    left: convertField(node, 'left', at),
    right: convertField(node, 'right', at),
  });

const decoratorsOf = (node: SyntaxNode, at: Context): EsNode[] =>
  childrenOf(node, 'decorator').map((each) => wrapper('Decorator')(each, at));
const typeAnnotation = (node: SyntaxNode, at: Context) => {
  const type = child(node, 'type');
  return type ? { typeAnnotation: inType(type, at) } : {};
};

/** A pattern ends with its annotation. */
function annotated(pattern: SyntaxNode, node: SyntaxNode, at: Context): EsNode {
  const end = child(node, 'type')?.span[1] ?? pattern.span[1];
  return { ...convert(pattern, at), ...typeAnnotation(node, at), end };
}

function parameter(node: SyntaxNode, at: Context): EsNode {
  const pattern = child(node, 'pattern') ?? node;
  const value = convertField(node, 'value', at);
  const inner = annotated(pattern, node, at);
  const decorators = decoratorsOf(node, at);
  const given = value
    ? make('AssignmentPattern', node, { left: inner, right: value })
    : ({ ...inner, decorators } as unknown as EsNode);
  const isField = has(node, 'accessibility_modifier') || has(node, 'readonly');
  return isField ? make('TSParameterProperty', node, { parameter: given, decorators }) : { ...given, decorators };
}

const fn =
  (type: string): Convert =>
  (node, at) => {
    const single = child(node, 'parameter');
    const given = child(node, 'parameters');
    const params = single ? [convert(single, at)] : given ? content(given).map((each) => parameter(each, at)) : [];
    const name = child(node, 'name');
    const body = child(node, 'body');
    const returned = child(node, 'return_type');
    return make(type, node, {
      id: name ? identifier(name, at) : null,
      params,
      returnType: returned ? inType(returned, at) : null,
      body: body ? convert(body, at) : null,
    });
  };

const block =
  (type: string): Convert =>
  (node, at) =>
    make(type, node, { body: statements(node.children, at) });

const variables: Convert = (node, at) =>
  make('VariableDeclaration', node, {
    kind: child(node, 'kind')?.type ?? 'var',
    declarations: childrenOf(node, 'variable_declarator').map((each) =>
      make('VariableDeclarator', each, {
        id: annotated(child(each, 'name') ?? each, each, at),
        init: convertField(each, 'value', at) ?? null,
      }),
    ),
  });

const cls =
  (type: string): Convert =>
  (node, at) => {
    const name = child(node, 'name');
    const body = child(node, 'body');
    const heritage = childOf(node, 'class_heritage');
    const parent =
      heritage && (child(childOf(heritage, 'extends_clause') ?? heritage, 'value') ?? content(heritage)[0]);
    return make(type, node, {
      decorators: decoratorsOf(node, at),
      id: name ? identifier(name, at) : null,
      superClass: parent ? convert(parent, at) : null,
      body: body ? make('ClassBody', body, { body: membersOf(body, at) }) : make('ClassBody', node, { body: [] }),
    });
  };

/** In a class body the grammar has decorators beside the method that they belong to. */
function membersOf(body: SyntaxNode, at: Context): EsNode[] {
  const members: EsNode[] = [];
  let decorators: EsNode[] = [];
  for (const each of body.children) {
    if (each.type === 'decorator') {
      decorators.push(wrapper('Decorator')(each, at));
      continue;
    }
    if (!each.named || each.type === 'comment') continue;
    members.push(classMember(each, [...decorators, ...decoratorsOf(each, at)], at));
    decorators = [];
  }
  return members;
}
/** A method without a body ends with its semicolon. */
function closed(node: SyntaxNode, { text }: Context): SyntaxNode {
  const end = node.span[1];
  return child(node, 'body') || text[end] !== ';' ? node : { ...node, span: [node.span[0], end + 1] };
}
function classMember(node: SyntaxNode, decorators: readonly EsNode[], at: Context): EsNode {
  const name = child(node, 'name');
  if (node.type === 'class_static_block')
    return make('StaticBlock', node, { body: statements(child(node, 'body')?.children ?? [], at) });
  if (node.type === 'public_field_definition' || node.type === 'field_definition') {
    const field = name ?? child(node, 'property');
    return make('PropertyDefinition', node, {
      decorators,
      ...(field && key(field, at)),
      ...typeAnnotation(node, at),
      value: convertField(node, 'value', at) ?? null,
      static: has(node, 'static'),
    });
  }
  if (!/^(?:method_definition|method_signature|abstract_method_signature)$/.test(node.type)) return generic(node, at);
  const isConstructor = name !== undefined && written(name, at) === 'constructor';
  return make('MethodDefinition', node, {
    decorators,
    ...(name && key(name, at)),
    kind: isConstructor ? 'constructor' : has(node, 'get') ? 'get' : has(node, 'set') ? 'set' : 'method',
    value: fn(child(node, 'body') ? 'FunctionExpression' : 'TSEmptyBodyFunctionExpression')(
      closed(methodFrom(node), at),
      at,
    ),
    static: has(node, 'static'),
  });
}

const importStatement: Convert = (node, at) => {
  const clause = childOf(node, 'import_clause');
  const required = childOf(node, 'import_require_clause');
  const kind = has(node, 'type') ? 'type' : 'value';
  if (required) {
    const [name] = childrenOf(required, 'identifier');
    return make('TSImportEqualsDeclaration', node, {
      id: name && identifier(name, at),
      importKind: kind,
      moduleReference: make('TSExternalModuleReference', required, {
        expression: convertField(required, 'source', at),
      }),
    });
  }
  const specifiers = (clause?.children ?? []).flatMap((each) => {
    if (each.type === 'identifier') return [make('ImportDefaultSpecifier', each, { local: identifier(each, at) })];
    if (each.type === 'namespace_import') {
      const [name] = childrenOf(each, 'identifier');
      return name ? [make('ImportNamespaceSpecifier', each, { local: identifier(name, at) })] : [];
    }
    return childrenOf(each, 'import_specifier').map((one) => {
      const [name, alias] = [child(one, 'name'), child(one, 'alias')];
      return make('ImportSpecifier', one, {
        imported: name && nameOrText(name, at),
        local: identifier(alias ?? name ?? one, at),
        importKind: has(one, 'type') ? 'type' : 'value',
      });
    });
  });
  return make('ImportDeclaration', node, { source: convertField(node, 'source', at), specifiers, importKind: kind });
};
const nameOrText: Convert = (node, at) => (node.type === 'string' ? string(node, at) : identifier(node, at));

const exportStatement: Convert = (statement, at) => {
  const start = childOf(statement, 'export')?.span[0] ?? statement.span[0];
  const node: SyntaxNode = { ...statement, span: [start, statement.span[1]] };
  const source = convertField(node, 'source', at) ?? null;
  const exportKind = has(node, 'type') ? 'type' : 'value';
  const declaration = child(node, 'declaration');
  if (has(node, 'default')) {
    const value = declaration ?? child(node, 'value');
    return make('ExportDefaultDeclaration', node, {
      declaration: value && withDecorators(convert(value, at), node, at),
    });
  }
  const namespace = childOf(node, 'namespace_export');
  if (namespace || (has(node, '*') && source)) {
    const name = namespace && (childOf(namespace, 'identifier') ?? childOf(namespace, 'string'));
    return make('ExportAllDeclaration', node, { source, exported: name ? nameOrText(name, at) : null, exportKind });
  }
  if (has(node, '=')) {
    const [expression] = content(node);
    return make('TSExportAssignment', node, { expression: expression && convert(expression, at) });
  }
  const clause = childOf(node, 'export_clause');
  return make('ExportNamedDeclaration', node, {
    source,
    exportKind,
    declaration: declaration ? withDecorators(convert(declaration, at), node, at) : null,
    specifiers: (clause ? childrenOf(clause, 'export_specifier') : []).map((one) => {
      const [name, alias] = [child(one, 'name') ?? one, child(one, 'alias')];
      return make('ExportSpecifier', one, {
        local: nameOrText(name, at),
        exported: nameOrText(alias ?? name, at),
        exportKind: has(one, 'type') ? 'type' : 'value',
      });
    }),
  });
};
/** `@D() export class X` has its decorators on the export. */
const withDecorators = (declaration: EsNode, node: SyntaxNode, at: Context): EsNode => {
  const decorators = decoratorsOf(node, at);
  return decorators.length === 0
    ? declaration
    : { ...declaration, decorators: [...decorators, ...((declaration.decorators as EsNode[]) ?? [])] };
};

const enumeration: Convert = (node, at) => {
  const name = child(node, 'name');
  const body = child(node, 'body');
  const members = (body ? content(body) : []).map((each) => {
    const id = each.type === 'enum_assignment' ? (child(each, 'name') ?? each) : each;
    return make('TSEnumMember', each, { id: nameOrText(id, at), initializer: convertField(each, 'value', at) ?? null });
  });
  return make('TSEnumDeclaration', node, {
    id: name && identifier(name, at),
    body: make('TSEnumBody', body ?? node, { members }),
  });
};

const loop =
  (type: string): Convert =>
  (node, at) => {
    const kind = child(node, 'kind');
    const left = child(node, 'left');
    const declared =
      kind && left
        ? make('VariableDeclaration', left, {
            kind: kind.type,
            declarations: [make('VariableDeclarator', left, { id: convert(left, at), init: null })],
          })
        : left && convert(left, at);
    return make(type, node, {
      ...(left
        ? { left: declared, right: convertField(node, 'right', at) }
        : { init: convertField(node, 'initializer', at) ?? null }),
      test: convertField(node, 'condition', at) ?? null,
      update: convertField(node, 'increment', at) ?? null,
      body: convertField(node, 'body', at),
    });
  };

/** `import('x').T` and `typeof import('x')` in a type. */
const inType: Convert = (node, at) => {
  const importType = (each: SyntaxNode): EsNode =>
    each.type === 'call_expression' && child(each, 'function')?.type === 'import'
      ? make('TSImportType', each, { source: convert(content(child(each, 'arguments') ?? each)[0] ?? each, at) })
      : make(each.type, each, { children: content(each).map(importType) });
  return importType(node);
};

const converters: Readonly<Record<string, Convert>> = {
  identifier,
  property_identifier: identifier,
  type_identifier: identifier,
  shorthand_property_identifier: identifier,
  shorthand_property_identifier_pattern: identifier,
  statement_identifier: identifier,
  undefined: identifier,
  this: (node) => make('ThisExpression', node, {}),
  super: (node) => make('Super', node, {}),
  string,
  template_string: template,
  number,
  regex: (node) => make('Literal', node, { value: {}, regex: {} }),
  null: (node) => make('Literal', node, { value: null }),
  true: (node) => make('Literal', node, { value: true }),
  false: (node) => make('Literal', node, { value: false }),
  object,
  object_pattern: object,
  array: list('ArrayExpression'),
  array_pattern: list('ArrayPattern'),
  assignment_pattern: (node, at) =>
    make('AssignmentPattern', node, { left: convertField(node, 'left', at), right: convertField(node, 'right', at) }),
  spread_element: rest('SpreadElement'),
  rest_pattern: rest('RestElement'),
  call_expression: call,
  new_expression: call,
  member_expression: member,
  subscript_expression: index,
  parenthesized_expression: wrapper('ParenthesizedExpression'),
  as_expression: wrapper('TSAsExpression'),
  satisfies_expression: wrapper('TSSatisfiesExpression'),
  non_null_expression: wrapper('TSNonNullExpression'),
  type_assertion: (node, at) => {
    const expression = content(node).at(-1);
    return make('TSTypeAssertion', node, { expression: expression && convert(expression, at) });
  },
  instantiation_expression: wrapper('TSInstantiationExpression'),
  await_expression: rest('AwaitExpression'),
  binary_expression: binary,
  unary_expression: (node, at) =>
    make('UnaryExpression', node, {
      operator: child(node, 'operator')?.type ?? '',
      argument: convertField(node, 'argument', at),
    }),
  ternary_expression: (node, at) =>
    make('ConditionalExpression', node, {
      test: convertField(node, 'condition', at),
      consequent: convertField(node, 'consequence', at),
      alternate: convertField(node, 'alternative', at),
    }),
  assignment_expression: assignment,
  augmented_assignment_expression: assignment,
  arrow_function: fn('ArrowFunctionExpression'),
  function_expression: fn('FunctionExpression'),
  function_declaration: fn('FunctionDeclaration'),
  generator_function: fn('FunctionExpression'),
  generator_function_declaration: fn('FunctionDeclaration'),
  function_signature: fn('TSDeclareFunction'),
  class_declaration: cls('ClassDeclaration'),
  abstract_class_declaration: cls('ClassDeclaration'),
  class: cls('ClassExpression'),
  lexical_declaration: variables,
  variable_declaration: variables,
  statement_block: block('BlockStatement'),
  expression_statement: (node, at) => {
    const [expression] = content(node);
    if (expression?.type === 'internal_module') return convert(expression, at);
    return make('ExpressionStatement', node, { expression: expression ? convert(expression, at) : null });
  },
  import_statement: importStatement,
  export_statement: exportStatement,
  ambient_declaration: (node, at) => {
    const [declared] = content(node);
    return declared ? convert(declared, at) : generic(node, at);
  },
  internal_module: (node, at) => {
    const body = child(node, 'body');
    return make('TSModuleDeclaration', node, { body: body ? block('TSModuleBlock')(body, at) : null });
  },
  module: (node, at) => {
    const body = child(node, 'body');
    return make('TSModuleDeclaration', node, { body: body ? block('TSModuleBlock')(body, at) : null });
  },
  interface_declaration: (node, at) => {
    const name = child(node, 'name');
    return make('TSInterfaceDeclaration', node, {
      id: name && identifier(name, at),
      children: node.children.filter((each) => each !== name).map((each) => inType(each, at)),
    });
  },
  type_alias_declaration: (node, at) => {
    const [name, value] = [child(node, 'name'), child(node, 'value')];
    return make('TSTypeAliasDeclaration', node, {
      id: name && identifier(name, at),
      children: value ? [inType(value, at)] : [],
    });
  },
  type_annotation: inType,
  type_arguments: inType,
  enum_declaration: enumeration,
  for_statement: loop('ForStatement'),
  for_in_statement: (node, at) =>
    loop(child(node, 'operator')?.type === 'of' ? 'ForOfStatement' : 'ForInStatement')(node, at),
  while_statement: loop('WhileStatement'),
  do_statement: loop('DoWhileStatement'),
};
