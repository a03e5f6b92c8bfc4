// A proposed contract and feed as YAML that a person goes on with.
#pragma once

#include <string>
#include <vector>

#include "host/profile/candidate_rules.h"

namespace concordat::profile {

/// What trying a rule on all records showed: how many it measured and how many hold, with Wilson's interval
/// (95%).
struct Evidence {
  uint64_t measured = 0;
  uint64_t pass = 0;
  double low = 0;  // 0..1
  double high = 1;
  uint64_t skipped = 0;

  double share() const {
    return measured == 0 ? 0 : static_cast<double>(pass) / static_cast<double>(measured);
  }
};

struct ProposedRule {
  CandidateRule rule;
  Evidence evidence;
  std::string severity;  // error when the evidence is firm, else warning
};

struct Proposal {
  std::string dataset;
  std::string partner;
  std::string source;                           // the file's name
  std::string adapter = "{plugin: delimited}";  // of the feed, as YAML
  std::string id;                               // a UUID for the contract
  uint64_t records = 0;
  std::string day;  // yyyy-MM-dd, on which the file was looked at
  std::vector<NamedColumn> columns;
  std::vector<ProposedRule> rules;
};

/// "7,870 of 7,987 records hold: 98.5% (95% interval 98.2% to 98.8%)".
std::string EvidenceInWords(const Evidence& evidence);

/// A valid ODCS v3.1 document; every rule with its evidence, in a comment and as a custom property.
std::string ContractYaml(const Proposal& proposal);
/// The feed that reads the file, with its mapping.
std::string FeedYaml(const Proposal& proposal);

}  // namespace concordat::profile
