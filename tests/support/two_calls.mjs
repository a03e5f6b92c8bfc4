// One connection, two calls: node two_calls.mjs NODE_MODULES PROTO_FOLDER ADDRESS CA CERT KEY
// Prints {code, details} of the first, waits for a line on standard input, and does the same again on the same connection.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [modules, protos, address, ca, cert, key] = process.argv.slice(2);
const require = createRequire(modules + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const options = { keepCase: true, longs: Number, defaults: true, oneofs: true, includeDirs: [protos] };
const { SubmissionService } = grpc.loadPackageDefinition(loader.loadSync("concordat/v1/submission.proto", options)).concordat.v1;
const client = new SubmissionService(address, grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert)));

function call() {
  return new Promise((resolve) => client.ListSubmissions({}, { deadline: Date.now() + 20000 }, (error) =>
    resolve({ code: error?.code ?? 0, details: error?.details ?? "", state: client.getChannel().getConnectivityState(false) })));
}

console.log(JSON.stringify(await call()));
createInterface({ input: process.stdin }).once("line", async () => {
  console.log(JSON.stringify(await call()));
  process.exit(0);
});
