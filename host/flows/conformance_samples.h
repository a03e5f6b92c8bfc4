// samples/expected.yaml of an adapter's folder: what each sample must come to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/adapters/manifest.h"
#include "host/base/source.h"
#include "host/data/raw_batch.h"

namespace concordat::flows {

struct ExpectedCell {
  uint64_t record = 0;
  std::string column;
  std::string value;
};

/// What is absent is not compared, except that findings of a rule that is not named must not be there.
struct ExpectedOutcome {
  std::optional<std::string>
      refused;                      // words of the message; "" for any: the source is unreadable as a whole
  std::optional<uint64_t> records;  // readable ones
  std::optional<uint64_t> unreadable;
  std::optional<uint64_t> blank;
  std::optional<std::vector<std::string>> columns;
  std::optional<std::map<std::string, uint64_t>> findings;  // records that fail, by rule
  std::optional<std::map<std::string, double>> dimensions;  // to a tenth
  std::vector<ExpectedCell> cells;
};

struct AdapterSample {
  std::string file;  // good*: nothing to find; bad*: something
  std::string bytes;
  std::vector<std::pair<std::string, std::string>> options;  // over the manifest's defaults
  std::optional<ExpectedOutcome> expected;                   // none: expected.yaml does not name the file

  bool good() const { return file.rfind("good", 0) == 0; }
  bool bad() const { return file.rfind("bad", 0) == 0; }
};

struct AdapterSamples {
  std::vector<AdapterSample> all;  // by expected.yaml, then those that it does not name
  std::vector<std::pair<std::string, data::RawBatch>> references;
};

/// The files good* and bad* of FOLDER/samples and its expected.yaml. Mistakes go to `issues` with their
/// place: a file that is not there, an option, rule, dimension or reference that the manifest does not have.
AdapterSamples ReadSamples(const adapters::Manifest& manifest, Issues& issues);

}  // namespace concordat::flows
