// A contract read from YAML text in a test, with what was said of it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "host/policy/contract.h"
#include "host/policy/reader.h"

namespace concordat::policy {

struct ReadingOfContract {
  Contract contract;
  Issues issues;

  const RuleSpec* Rule(std::string_view id) const {
    for (const ContractObject& object : contract.objects) {
      for (const RuleSpec& rule : object.rules) {
        if (rule.id == id) return &rule;
      }
    }
    return nullptr;
  }
  std::string RuleIds() const {
    std::string ids;
    for (const ContractObject& object : contract.objects) {
      for (const RuleSpec& rule : object.rules) ids += (ids.empty() ? "" : " ") + rule.id;
    }
    return ids;
  }
  /// "code@line" of all errors, or of all warnings, in order of place.
  std::string Codes(IssueSeverity severity) const {
    std::string codes;
    for (const Issue& issue : issues.list()) {
      if (issue.severity != severity) continue;
      codes += fmt::format("{}{}@{}", codes.empty() ? "" : " ", issue.code, issue.place.line);
    }
    return codes;
  }
  std::string Errors() const { return Codes(IssueSeverity::kError); }
  std::string Warnings() const { return Codes(IssueSeverity::kWarning); }
  /// The first issue with this code; a blank one when there is none.
  Issue Find(std::string_view code) const {
    for (const Issue& issue : issues.list()) {
      if (issue.code == code) return issue;
    }
    return {};
  }
};

inline ReadingOfContract ReadContractText(std::string text) {
  ReadingOfContract reading;
  auto source = std::make_shared<SourceText>(SourceText{"a.odcs.yaml", std::move(text)});
  reading.contract = ReadContract(ReadYaml(source, reading.issues), reading.issues);
  reading.issues.SortAndDeduplicate();
  return reading;
}

/// A sound contract whose last lines are `rest`, from line 2 on.
inline ReadingOfContract ReadContractWith(const std::string& rest) {
  return ReadContractText(
      "{apiVersion: v3.1.0, kind: DataContract, id: c, name: visits, version: 1.0.0, status: active,\n" +
      rest + "}\n");
}

/// A sound contract with one object `visit`; `properties` is a flow sequence from line 3 on.
inline ReadingOfContract ReadProperties(const std::string& properties, const std::string& object_keys = "") {
  return ReadContractWith("schema: [{name: visit, " + object_keys + " properties:\n" + properties + "}]");
}

}  // namespace concordat::policy
