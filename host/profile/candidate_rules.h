// Rules that a file's columns suggest, to be tried on all of its records before anybody is told of them.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/profile/column_profile.h"

namespace concordat::profile {

/// A column with the name that its field would have.
struct NamedColumn {
  ColumnProfile profile;
  std::string field;  // letters, digits and _: "lsoa_code" for "LSOA code"
  std::string
      classification;  // guessed from the name: internal, personal, special-category, criminal-offence
};

/// Gives every column a field name of its own and a first guess of how carefully it must be kept.
std::vector<NamedColumn> NameColumns(const std::vector<ColumnProfile>& columns);

/// A rule as a contract would state it.
struct CandidateRule {
  std::string id;
  std::string field;  // empty: about the record or the dataset
  std::string kind;
  json::Object with;
  std::string dimension;
  std::string description;
};

/// What might hold: required, unique, lists, forms, lengths, signs, dates that are past, pairs of dates in
/// order, columns that are filled together. `today` (yyyy-MM-dd) decides which dates can be asked to be past.
std::vector<CandidateRule> CandidatesFor(const std::vector<NamedColumn>& columns, uint64_t records,
                                         const std::string& today);

}  // namespace concordat::profile
