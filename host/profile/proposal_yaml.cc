#include "host/profile/proposal_yaml.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"

namespace concordat::profile {
namespace {

using data::LogicalType;

// JSON's strings are YAML's double-quoted ones.
std::string Quoted(const std::string& text) { return json::Compact(json::Value(text)); }

std::string Grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

// Towards the side that claims less.
std::string AtLeast(double share) { return fmt::format("{:.10g}", std::floor(share * 1000 + 1e-9) / 10); }
std::string AtMost(double share) { return fmt::format("{:.10g}", std::ceil(share * 1000 - 1e-9) / 10); }

std::string RuleYaml(const ProposedRule& proposed, const std::string& indent) {
  const CandidateRule& rule = proposed.rule;
  std::string yaml = fmt::format("{}# {}\n", indent, EvidenceInWords(proposed.evidence));
  yaml += fmt::format("{}- id: {}\n", indent, rule.id);
  const std::string in = indent + "  ";
  yaml += fmt::format("{0}type: custom\n{0}engine: concordat\n{0}dimension: {1}\n{0}severity: {2}\n", in,
                      rule.dimension, proposed.severity);
  yaml += fmt::format("{}description: {}\n", in, Quoted(rule.description));
  yaml += rule.with.empty() ? fmt::format("{}implementation: {{rule: {}}}\n", in, rule.kind)
                            : fmt::format("{}implementation: {{rule: {}, with: {}}}\n", in, rule.kind,
                                          json::Compact(rule.with));
  const Evidence& evidence = proposed.evidence;
  return yaml +
         fmt::format(
             "{}customProperties: [{{property: evidence, value: {{measured: {}, pass: {}, low: {:.4f}, "
             "high: {:.4f}}}}}]\n",
             in, evidence.measured, evidence.pass, evidence.low, evidence.high);
}

// Dates are kept as ISO 8601; what has no day keeps its own form.
std::string ContractFormat(const ColumnProfile& profile) {
  if (profile.type == LogicalType::kDate && profile.format == "yyyy-MM") return "yyyy-MM";
  if (profile.type == LogicalType::kTime) return profile.format;
  return "";
}

std::string TypeEvidence(const ColumnProfile& profile) {
  return fmt::format("{} of {} values are of this type", Grouped(profile.fits), Grouped(profile.values));
}

std::string PropertyYaml(const NamedColumn& column, const Proposal& proposal) {
  const ColumnProfile& profile = column.profile;
  std::string yaml = fmt::format("      - name: {}\n", column.field);
  if (profile.type != LogicalType::kString) yaml += fmt::format("        # {}\n", TypeEvidence(profile));
  yaml += fmt::format("        logicalType: {}\n", data::LogicalTypeName(profile.type));
  const std::string format = ContractFormat(profile);
  if (!format.empty()) yaml += fmt::format("        logicalTypeOptions: {{format: {}}}\n", format);
  if (column.classification != "internal") yaml += "        # guessed from the column's name; decide\n";
  yaml += fmt::format("        classification: {}\n", column.classification);
  yaml += fmt::format("        description: {}\n", Quoted(profile.name));
  if (!profile.missing_tokens.empty()) {
    json::Array tokens;
    for (const ValueCount& token : profile.missing_tokens) tokens.emplace_back(token.value);
    yaml += fmt::format("        customProperties: [{{property: missingTokens, value: {}}}]\n",
                        json::Compact(tokens));
  }
  std::string rules;
  for (const ProposedRule& proposed : proposal.rules) {
    if (proposed.rule.field == column.field) rules += RuleYaml(proposed, "          ");
  }
  return rules.empty() ? yaml : yaml + "        quality:\n" + rules;
}

// How the feed reads the column, when not as it stands.
std::string ParseYaml(const ColumnProfile& profile) {
  const bool dated = profile.type == LogicalType::kDate || profile.type == LogicalType::kTimestamp;
  if (dated && !profile.format.empty() && profile.format != ContractFormat(profile))
    return Quoted(profile.format);
  if (profile.type != LogicalType::kNumber ||
      (!profile.thousands && profile.currency.empty() && !profile.parentheses))
    return "";
  std::string style = "decimal: \".\"";
  if (profile.thousands) style += ", thousands: \",\"";
  if (!profile.currency.empty()) style += ", currency: " + Quoted(profile.currency);
  if (profile.parentheses) style += ", negative: parentheses";
  return fmt::format("{{{}}}", style);
}

// Blanks around a number or a date are no part of it, and neither type takes them; those around a text are
// for the whitespace rule to tell.
std::string ReadingYaml(const ColumnProfile& profile) {
  std::string yaml;
  if (profile.blanks_at_ends > 0 && profile.type != LogicalType::kString) yaml += ", trim: true";
  const std::string parse = ParseYaml(profile);
  return parse.empty() ? yaml : yaml + ", parse: " + parse;
}

std::string FeedId(const Proposal& proposal) {
  std::string id = fmt::format("{}-{}", proposal.partner, proposal.dataset);
  std::replace(id.begin(), id.end(), '_', '-');
  return id;
}

}  // namespace

std::string EvidenceInWords(const Evidence& evidence) {
  if (evidence.measured == 1 && evidence.skipped == 0) return "holds for this file";
  std::string text = fmt::format("{} of {} records hold: {}% (95% interval {}% to {}%)",
                                 Grouped(evidence.pass), Grouped(evidence.measured),
                                 AtLeast(evidence.share()), AtLeast(evidence.low), AtMost(evidence.high));
  if (evidence.skipped > 0) text += fmt::format("; {} have no value to judge", Grouped(evidence.skipped));
  return text;
}

std::string ContractYaml(const Proposal& proposal) {
  std::string yaml = fmt::format(
      "# Proposed on {} from the {} records of\n# {}\n"
      "# Every rule held for at least 95% of the records that it judged; what was seen stands above it. Read "
      "it as a\n"
      "# draft: strike what is chance, add what nobody can see in one file, say what each field means.\n"
      "apiVersion: v3.1.0\nkind: DataContract\nid: {}\nname: {}\nversion: 0.1.0\nstatus: draft\n"
      "description:\n  purpose: \"say what this dataset is for\"\n  limitations: \"say what it must not be "
      "used for\"\n",
      proposal.day, Grouped(proposal.records), proposal.source, proposal.id, proposal.dataset);
  yaml += fmt::format("schema:\n  - name: {}\n    logicalType: object\n    physicalType: file\n",
                      proposal.dataset);
  std::string rules;
  for (const ProposedRule& proposed : proposal.rules) {
    if (proposed.rule.field.empty()) rules += RuleYaml(proposed, "      ");
  }
  if (!rules.empty()) yaml += "    quality:\n" + rules;
  yaml += "    properties:\n";
  for (const NamedColumn& column : proposal.columns) yaml += PropertyYaml(column, proposal);
  return yaml;
}

std::string FeedYaml(const Proposal& proposal) {
  std::string yaml = fmt::format(
      "# How {} of {} is read; add schedule: {{every: P1M, due: P20D}} when it comes regularly.\n"
      "apiVersion: concordat/v1\nkind: Feed\nid: {}\npartner: {}\ndataset: {}\nadapter: {}\n"
      "mapping:\n",
      proposal.source, proposal.partner, FeedId(proposal), proposal.partner, proposal.dataset,
      proposal.adapter);
  for (const NamedColumn& column : proposal.columns) {
    const std::string reading = ReadingYaml(column.profile);
    yaml += reading.empty()
                ? fmt::format("  {}: {}\n", column.field, Quoted(column.profile.name))
                : fmt::format("  {}: {{from: {}{}}}\n", column.field, Quoted(column.profile.name), reading);
  }
  return yaml + "gate: {reject: {score: 70, unreadable: 5%}, quarantine: [critical, error]}\n";
}

}  // namespace concordat::profile
