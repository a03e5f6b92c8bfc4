// libFuzzer target: any bytes as an adapter.yaml (read, judged, signed) and as a library. Nothing may crash,
// and what was signed must be what is read afterwards.
#include <cstdlib>

#include "host/adapters/library_check.h"
#include "host/adapters/trust.h"
#include "host/base/digest.h"
#include "host/policy/reader.h"

namespace concordat::adapters {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

Manifest Read(const std::string& text, const TrustRules& rules, Issues& issues) {
  const policy::Node document =
      policy::ReadYaml(std::make_shared<const SourceText>(SourceText{"adapter.yaml", text}), issues);
  if (!document.present()) return {};
  Manifest manifest = ReadManifest(document, issues);
  manifest.folder = "/nonexistent";
  JudgeTrust(manifest, DigestOf("library"), rules, document, issues);
  return manifest;
}

void Take(const std::string& text) {
  static const Signer key = *Signer::Generate();
  static const TrustRules rules = {"", {{"key.pub", KeyId(key.PublicKey()), key.PublicKey()}}, {}, true};
  Issues issues;
  Read(text, rules, issues);
  for (const Issue& issue : issues.list()) Require(!RenderIssue(issue).empty());
  if (const auto written = SignManifest(text, DigestOf("library"), key); written.ok()) {
    Issues ignored;
    Require(Read(*written, rules, ignored).trust == Trust::kSigned);
  }
  const std::string why = WhyNoAdapter(text, "x.so");
  Require(why.empty() || why.rfind("its library", 0) == 0);
}

}  // namespace
}  // namespace concordat::adapters

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  concordat::adapters::Take({reinterpret_cast<const char*>(data), size});
  return 0;
}
