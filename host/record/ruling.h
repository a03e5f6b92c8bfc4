// The answer to one request for data: permit or deny, always naming the clause; an evaluation error is a deny.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace concordat::record {

/// One field of a permitted release and the form in which it leaves ("release", "pseudonymise" ...).
struct ReleasedField {
  std::string field;
  std::string form;
};

/// Permit or deny. For a deny `release` is empty, `cause` is a word of sharing/causes.h and `mend` says what would have to change.
struct Ruling {
  bool permit = false;
  std::string clause;   // "protocol/share" or "protocol/key"
  std::string cause;    // empty for a permit
  std::string message;  // one sentence for people
  std::string mend;
  std::string protocol;          // id of the deciding protocol, empty when none applies
  std::string protocol_version;
  std::string protocol_digest;
  std::string share;
  std::vector<ReleasedField> release;
  std::string rows;                                          // CEL, empty: all rows
  std::vector<std::string> duties;                           // in words
  std::vector<std::pair<std::string, std::string>> quality;  // condition -> what was measured
  std::vector<std::string> caveats;                          // quality conditions with on_fail: caveat that do not hold
};

}  // namespace concordat::record
