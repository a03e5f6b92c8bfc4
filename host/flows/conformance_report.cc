// The certificate of the conformance kit: for programs and for people.
#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/digest.h"
#include "host/flows/conformance.h"

namespace concordat::flows {
namespace {

using Result = ConformanceCheck::Result;

std::string_view WordOf(Result result) {
  switch (result) {
    case Result::kPassed:
      return "passed";
    case Result::kFailed:
      return "failed";
    case Result::kWarned:
      return "warned";
    case Result::kSkipped:
      break;
  }
  return "skipped";
}

json::Value OrNull(double number) { return number < 0 ? json::Value() : json::Value(number); }

}  // namespace

json::Object CertificateJson(const Certificate& certificate) {
  json::Array checks;
  for (const ConformanceCheck& check : certificate.checks) {
    json::Object one{
        {"id", check.id}, {"title", check.title}, {"result", WordOf(check.result)}, {"detail", check.detail}};
    if (!check.more.empty()) {
      json::Array more;
      for (const std::string& line : check.more) more.push_back(json::Value(line));
      one["more"] = std::move(more);
    }
    if (!check.mend.empty()) one["mend"] = check.mend;
    checks.push_back(std::move(one));
  }
  json::Object all{{"passed", certificate.passed()},
                   {"kit", kConformanceKit},
                   {"program", certificate.program},
                   {"time", TimeText(certificate.time)},
                   {"seed", certificate.seed},
                   {"adapter", json::Object{{"name", certificate.adapter},
                                            {"version", certificate.version},
                                            {"description", certificate.description},
                                            {"digest", certificate.library_digest},
                                            {"manifestDigest", certificate.manifest_digest}}},
                   {"checks", std::move(checks)},
                   {"measures", json::Object{{"runs", certificate.runs},
                                             {"brokenInputs", certificate.broken_inputs},
                                             {"recordsPerSecond", OrNull(certificate.records_per_second)},
                                             {"bytesPerSecond", OrNull(certificate.bytes_per_second)},
                                             {"memoryLimit", certificate.memory_bytes == 0
                                                                 ? json::Value()
                                                                 : json::Value(certificate.memory_bytes)}}}};
  all["digest"] = DigestOf(json::Canonical(all));
  return all;
}

std::string CertificateText(const Certificate& certificate) {
  std::string text = fmt::format("adapter {} {}: {}\n  library {}\n\n", certificate.adapter,
                                 certificate.version, certificate.description, certificate.library_digest);
  for (const ConformanceCheck& check : certificate.checks) {
    text += fmt::format("{:<8}{:<13}{}\n", WordOf(check.result), check.id,
                        check.detail.empty() ? check.title : check.detail);
    for (const std::string& line : check.more) {
      if (line != check.detail) text += fmt::format("{:21}{}\n", "", line);
    }
    if (!check.mend.empty()) text += fmt::format("{:21}mend: {}\n", "", check.mend);
  }
  const json::Object document = CertificateJson(certificate);
  if (certificate.passed()) {
    text += fmt::format("\nIt conforms: {} runs, kit {}, seed {}, {}\ncertificate {}\n", certificate.runs,
                        kConformanceKit, certificate.seed, TimeText(certificate.time),
                        json::TextOr(document, "digest", ""));
  } else {
    text += "\nIt does not conform: nobody should install it before what failed is mended.\n";
  }
  return text;
}

}  // namespace concordat::flows
