// A client that is not ours (grpc-js) asks for many rulings in one call:
// node rule_batch.mjs NODE_MODULES PROTO_FOLDER ADDRESS CA CERT KEY < [ExchangeRequest] -> {rulings, receipt}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, protos, address, ca, cert, key] = process.argv.slice(2);
const require = createRequire(modules + "/");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const options = { keepCase: true, longs: Number, defaults: true, oneofs: true, includeDirs: [protos] };
const { ExchangeService } = grpc.loadPackageDefinition(loader.loadSync("concordat/v1/exchange.proto", options)).concordat.v1;
const client = new ExchangeService(address, grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert)));
const requests = JSON.parse(readFileSync(0, "utf8"));
client.Rule({ requests }, { deadline: Date.now() + 20000 }, (error, reply) => {
  if (error) {
    console.error(String(error));
    process.exit(1);
  }
  console.log(JSON.stringify({ rulings: reply.rulings, receipt: JSON.parse(reply.receipt_json) }));
  process.exit(0);
});
