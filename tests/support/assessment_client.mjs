// Calls of AssessmentService in order over one connection: reads [[method, request], ...] from standard input and prints
// [{json} or {code, message}, ...].
// node assessment_client.mjs NODE_MODULES PROTO_FOLDER ADDRESS CA CERT KEY
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, protos, address, ca, cert, key] = process.argv.slice(2);
const require = createRequire(modules + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const options = { keepCase: true, longs: Number, defaults: false, oneofs: true, includeDirs: [protos] };
const concordat = grpc.loadPackageDefinition(loader.loadSync("concordat/v1/assessment.proto", options)).concordat.v1;
const credentials = address.startsWith("unix:")
  ? grpc.credentials.createInsecure()  // who may open the socket is the administrator
  : grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert));
const client = new concordat.AssessmentService(address, credentials);

function call([method, request]) {
  return new Promise((resolve) => client[method](request, { deadline: Date.now() + 30000 }, (error, reply) =>
    resolve(error ? { code: error.code, message: error.details } : { json: JSON.parse(reply.json) })));
}

const answers = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) answers.push(await call(one));
// All of it, however long: a pipe takes 64 KiB at a time.
process.stdout.write(JSON.stringify(answers) + "\n", () => process.exit(0));
