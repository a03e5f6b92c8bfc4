// Judges ODCS documents by the official JSON Schema with ajv, formats asserted.
//   node judge.mjs SCHEMA json FILE.jsonl   one document a line -> "ok" or "refused: where why" a line
//   node judge.mjs SCHEMA yaml FILE...      one YAML document a file -> {"ok": ..., "document": ...} a line
import { readFileSync } from "node:fs";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const [schemaFile, mode, ...files] = process.argv.slice(2);
const ajv = new Ajv2019.default({ strict: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")));

function refusal() {
  const first = validate.errors[0];
  return `refused: ${first.instancePath} ${first.message} ${JSON.stringify(first.params)}`;
}

if (mode === "yaml") {
  for (const file of files) {
    const document = parse(readFileSync(file, "utf8"), { version: "1.2", schema: "core" });
    console.log(JSON.stringify({ ok: validate(document), document }));
  }
} else {
  const verdicts = [];
  for (const line of readFileSync(files[0], "utf8").trimEnd().split("\n")) {
    verdicts.push(validate(JSON.parse(line)) ? "ok" : refusal());
  }
  console.log(verdicts.join("\n"));
}
