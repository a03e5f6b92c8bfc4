// A reader that is not ours (npm apache-arrow): node arrow_rows.mjs NODE_MODULES FILE -> {columns, types, metadata, rows}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, file] = process.argv.slice(2);
const { tableFromIPC } = createRequire(modules + "/")("apache-arrow");
const table = tableFromIPC(readFileSync(file));
const columns = table.schema.fields.map((field) => field.name);
const cells = columns.map((name) => [...table.getChild(name)]);
console.log(JSON.stringify({
  columns,
  types: table.schema.fields.map((field) => String(field.type)),
  metadata: Object.fromEntries(table.schema.metadata),
  rows: Array.from({ length: table.numRows }, (_, row) => cells.map((column) => column[row])),
}));
