// Finds out where the records of a document are, when the feed does not say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugins/json/cursor.h"
#include "plugins/json/options.h"
#include "plugins/json/path.h"

namespace concordat::json {

/// What is to be read, and how that was found out.
struct Plan {
  bool lines = false;  // a record a line
  Path records;        // of a document
  bool geojson = false;
  std::string crs;  // the name that a FeatureCollection gives; "" when it gives none
  std::vector<std::string> notes;
};

/// One pass over the source's structure; values are stepped over, not judged.
class Survey {
 public:
  /// Neither is null; `name` is the source's file name: an ending .jsonl, .ndjson or .geojsonl is believed.
  Survey(tree::Source* source, const Options& options, std::string_view name);

  sdk::Status Run(Plan& plan);

 private:
  struct Candidate {
    Path path;
    uint64_t records = 0;  // objects
    uint64_t others = 0;
  };
  /// Of an object: whether its members look like records under their ids.
  struct Members {
    uint64_t count = 0;
    uint64_t objects = 0;
    bool alike = true;
    std::string first_name;  // of the first member object's first name
  };

  bool DecideLines(bool& lines);
  bool Value(Path& path);
  bool Object(Path& path);
  bool Member(Path& path, Members& members);
  bool Array(const Path& path);
  bool Crs(const std::string& name, const Path& path);
  sdk::Status Choose(Plan& plan, bool root_is_object);
  const Candidate* Known() const;
  const Candidate* Barren() const;

  tree::Source* const source_;
  Cursor cursor_;
  const Options& options_;
  const std::string name_;
  std::vector<Candidate> lists_;
  std::vector<Candidate> keyed_;
  std::vector<Candidate> barren_;  // lists without an object where records are customary
  std::string entered_;            // the first name of the object that Object read last
  bool features_ = false;          // the first line is a GeoJSON feature
  bool collection_ = false;
  std::string crs_;
};

}  // namespace concordat::json
