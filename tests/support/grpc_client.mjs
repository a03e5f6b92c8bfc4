// A client that is not ours: grpc-js submits a file and reads its scorecard, asks for health, and is refused without a certificate.
// node grpc_client.mjs NODE_MODULES PROTO_FOLDER ADDRESS CA CERT KEY FEED PERIOD FILE -> one JSON document
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, protos, address, ca, cert, key, feed, period, file] = process.argv.slice(2);
const require = createRequire(modules + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const load = (path, folder) => grpc.loadPackageDefinition(loader.loadSync(path, { keepCase: true, longs: Number, defaults: false, oneofs: true, includeDirs: [folder] }));
const concordat = load("concordat/v1/submission.proto", protos).concordat.v1;
const trusted = grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert));
const nobody = grpc.credentials.createSsl(readFileSync(ca));

function submit() {
  return new Promise((resolve, reject) => {
    const call = new concordat.SubmissionService(address, trusted).Submit();
    let result = null;
    call.on("data", (reply) => { if (reply.result) result = reply.result; });
    call.on("error", reject);
    call.on("end", () => resolve(result));
    call.write({ begin: { feed, period, source_name: "from-node.csv" } });
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += 128 * 1024) call.write({ chunk: bytes.subarray(at, at + 128 * 1024) });
    call.end();
  });
}

function unary(client, method, request) {
  return new Promise((resolve) => client[method](request, { deadline: Date.now() + 10000 }, (error, reply) => resolve({ error, reply })));
}

// The health service's wire shape, declared here because no package of ours has it.
const health = grpc.makeGenericClientConstructor({
  Check: {
    path: "/grpc.health.v1.Health/Check", requestStream: false, responseStream: false,
    requestSerialize: () => Buffer.alloc(0), requestDeserialize: (b) => b, responseSerialize: (b) => b, responseDeserialize: (b) => [...b],
  },
});

const result = await submit();
const listed = await unary(new concordat.SubmissionService(address, trusted), "ListSubmissions", { feed });
const stranger = await unary(new concordat.SubmissionService(address, nobody), "ListSubmissions", { feed });
const unknown = await unary(new concordat.SubmissionService(address, trusted), "GetSubmission", { submission: "S-unknown" });
const serving = await unary(new health(address, trusted), "Check", {});
console.log(JSON.stringify({
  result, listed: JSON.parse(listed.reply.json), stranger: stranger.error?.code, unknown: unknown.error?.code,
  details: unknown.error?.metadata?.get("grpc-status-details-bin").length, health: serving.reply,
}));
process.exit(0);
