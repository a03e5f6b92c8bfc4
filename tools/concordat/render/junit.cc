#include "tools/concordat/render/junit.h"

#include "fmt/format.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"

namespace concordat::cli {
namespace {

// A rule on trial fails nobody's build.
std::string StatusOf(const json::Value& rule) {
  return json::TextOr(rule, "state", "") == "shadow" ? "not_evaluated" : json::TextOr(rule, "status", "");
}

std::string CaseXml(const json::Value& rule) {
  const std::string status = StatusOf(rule);
  std::string xml =
      fmt::format("  <testcase classname=\"{}\" name=\"{}\">", Escaped(json::TextOr(rule, "dimension", "")),
                  Escaped(json::TextOr(rule, "id", "")));
  if (status == "not_evaluated") {
    xml += fmt::format("<skipped message=\"{}\"/>", Escaped(json::TextOr(rule, "note", "not evaluated")));
  } else if (status == "breached") {
    std::string details;
    for (const json::Value& sample : ItemsOf(rule, "samples")) {
      details += fmt::format("line {}: {}\n", CountOf(sample, "line"), json::TextOr(sample, "message", ""));
    }
    xml += fmt::format("<failure message=\"{} records fail\">{}</failure>", CountOf(rule, "fail"),
                       Escaped(details));
  }
  return xml + "</testcase>\n";
}

}  // namespace

std::string JunitReport(const json::Value& result) {
  const json::Array& rules = ItemsOf(result, "rules");
  size_t failures = 0;
  size_t skipped = 0;
  std::string cases;
  for (const json::Value& rule : rules) {
    failures += StatusOf(rule) == "breached";
    skipped += StatusOf(rule) == "not_evaluated";
    cases += CaseXml(rule);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "skipped=\"{}\">\n{}</testsuite>\n",
      Escaped(json::TextOr(result, "feed", "")), rules.size(), failures, skipped, cases);
}

}  // namespace concordat::cli
