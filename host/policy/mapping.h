// How a source becomes records of the contract, as a Feed says it: which rows and columns, and what is done
// to each cell. Plain values; host/mapping/ carries it out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/policy/fields.h"

namespace concordat::policy {

struct Feed;

/// How numbers are written in the source.
struct NumberStyle {
  enum class Percent { kNone, kShare, kPoints };  // "45%" is refused, 0.45, or 45

  std::string decimal = ".";
  std::string thousands;              // " " stands for any blank, the no-break and the thin ones too
  std::vector<std::string> currency;  // signs or codes before or after the digits
  std::vector<std::string> negative;  // of parentheses, trailing_minus, credit (CR), debit (DR)
  Percent percent = Percent::kNone;
};

/// Date patterns that are tried in order; "excel" and "excel-1904" are a spreadsheet's serial days.
struct DateReading {
  std::vector<std::string> patterns;
  std::optional<int> pivot;   // two-digit years below it are 20yy, the others 19yy
  std::vector<Place> places;  // of the patterns
};

struct BooleanWords {
  std::vector<std::string> yes;
  std::vector<std::string> no;
};

/// What is done with a code that the map has not.
enum class Otherwise { kFinding, kKeep, kMissing };

/// Source code -> contract code: in the feed itself, from a list file or from another dataset.
struct CodeMap {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string file;     // "lists/districts.csv"
  std::string dataset;  // accepted records of it; known to the host alone
  std::string from;     // columns of file or dataset
  std::string to;
  Otherwise otherwise = Otherwise::kFinding;
  Place place;
};

/// A part of the text: the n-th between separators (from the end when negative), or a group of a pattern.
struct Split {
  std::string by;
  int part = 0;
  std::string pattern;
  int group = 1;
  Place place;
};

/// Several columns as one text; empty cells are left out.
struct Join {
  std::vector<std::string> columns;
  std::string with = " ";
};

/// Every occurrence of a text, or of a pattern (RE2; \1 in `with` is its first group).
struct Replacement {
  std::string text;
  std::string pattern;
  std::string with;
  Place place;
};

struct UnitChange {
  std::string from;
  std::string to;
  Place place;
};

enum class LetterCase { kAsWritten, kUpper, kLower, kTitle };

/// contract field <- source. Steps are taken in the order in which they stand here.
struct FieldMapping {
  std::string field;
  std::vector<std::string> from;     // the source column's names, the first that is there; empty: none of
                                     // what follows, the field's own name
  std::optional<std::string> value;  // a constant
  std::string fact;                  // of the submission: one of MappingFacts()
  std::string expression;            // CEL over source["Column"]
  std::optional<Join> join;
  bool trim = false;
  std::optional<Split> split;
  std::vector<Replacement> replace;
  LetterCase letters = LetterCase::kAsWritten;
  std::optional<CodeMap> codes;
  std::optional<DateReading> dates;
  std::optional<NumberStyle> numbers;
  std::optional<BooleanWords> booleans;
  std::optional<UnitChange> unit;
  std::vector<std::string> missing;          // missing tokens besides the contract's
  std::optional<std::string> default_value;  // for what is missing
  Place expression_place;
  Place place;
};

/// Columns of a wide table as records: one a column, with the header's text as a value.
struct Unpivot {
  std::vector<std::string> columns;  // by name, or
  std::string pattern;  // those whose whole header it matches (its named groups become columns), or
  std::vector<std::string> except;  // all but these
  std::string name_to;              // a column of the header's text; may be empty with named groups
  std::string value_to = "value";   // the column of the cell's text
  bool leave_out_empty = false;     // cells without text make no record
  Place place;
};

struct Mapping {
  std::vector<FieldMapping> fields;
  std::vector<std::string> fill_down;  // columns whose empty cells take the text above them
  std::string rows;                    // CEL over source["Column"]: which rows are taken; empty: all
  std::optional<Unpivot> unpivot;      // after fill_down and rows
  Place rows_place;
  Place fill_down_place;

  bool reshapes() const { return !fill_down.empty() || !rows.empty() || unpivot.has_value(); }
  /// What is said of a field, or null.
  const FieldMapping* Of(std::string_view field) const;
};

/// "period", "period.from", "period.to", "source.name", "feed", "partner".
const std::vector<std::string>& MappingFacts();

/// The feed's mapping; an empty one when it says nothing.
const Mapping& MappingIn(const Feed& feed);

/// Reads `mapping`, `rows`, `fill_down` and `unpivot` of a feed.
std::shared_ptr<const Mapping> ReadMapping(Fields& feed);

}  // namespace concordat::policy
