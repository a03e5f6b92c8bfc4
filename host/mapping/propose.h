// Proposes how a partner's file is mapped to a contract, from its columns and a sample of their values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/policy/contract.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// A column of the source: its header and different texts with how often they were seen, most frequent first.
struct SampledColumn {
  std::string name;
  std::vector<std::pair<std::string, uint64_t>> values;  // without empty ones
  uint64_t records = 0;
  uint64_t empty = 0;
};

/// One field of the contract.
struct ProposedField {
  policy::FieldMapping mapping;      // `from` is empty when no column was found
  int column = -1;                   // index into the columns; -1: none
  double confidence = 0;             // 0..1
  std::vector<std::string> reasons;  // "the names are the same", "98% of the values are dates as dd/MM/yyyy"
  std::vector<std::string> doubts;   // "01/02/2024 fits MM/dd/yyyy too"
  std::string alternative;           // another column that may be meant
};

struct MappingProposal {
  std::vector<ProposedField> fields;         // in the order of the contract
  std::optional<policy::Unpivot> unpivot;    // of a table with a column a period
  std::vector<std::string> unpivot_columns;  // headers that become records
  std::vector<std::string> unused;           // columns that no field takes
};

/// Pure: the same sample gives the same proposal. Below `kLeastConfidence` a column is named as an
/// alternative only.
inline constexpr double kLeastConfidence = 0.45;
MappingProposal ProposeMapping(const std::vector<SampledColumn>& columns,
                               const policy::ContractObject& object);

/// How alike two names are, 0..1: the same letters and digits, the same words, words of the same meaning, a
/// slip of spelling.
double NameLikeness(std::string_view a, std::string_view b);

/// The feed's YAML, with a comment at everything that is uncertain. It lints clean in a folder that has the
/// contract and the partner.
struct FeedFrame {
  std::string id;
  std::string partner;
  std::string dataset;
  std::string adapter = "delimited";
  std::vector<std::pair<std::string, std::string>> options;
  std::string source;  // the file's name
};
std::string ProposedFeedYaml(const FeedFrame& frame, const MappingProposal& proposal);

}  // namespace concordat::mapping
