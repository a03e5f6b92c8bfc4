#include "plugins/json/survey.h"

#include <algorithm>
#include <cctype>

#include "plugins/delimited/signature.h"
#include "plugins/json/mistake.h"

namespace concordat::json {
namespace {

constexpr size_t kMostCandidates = 50;
constexpr size_t kMostShown = 8;
constexpr size_t kLongestName = 400;  // of a coordinate system

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\x1E") == std::string_view::npos;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsPath(const Path& path, const std::vector<std::string_view>& names) {
  if (path.size() != names.size()) return false;
  for (size_t i = 0; i < names.size(); ++i) {
    if (path[i].any || path[i].name != names[i]) return false;
  }
  return true;
}

std::string Count(uint64_t count) { return std::to_string(count) + (count == 1 ? " record" : " records"); }

// What makers of documents call the list of their records.
bool IsCustomary(std::string_view name) {
  for (const std::string_view each : {"records", "results", "features", "items", "data", "rows", "value"}) {
    if (name == each) return true;
  }
  return false;
}

}  // namespace

Survey::Survey(tree::Source* source, const Options& options, std::string_view name)
    : source_(source), cursor_(source, options), options_(options), name_(Lower(name)) {}

sdk::Status Survey::Run(Plan& plan) {
  const int first = cursor_.Peek();
  if (!cursor_.status().ok()) return cursor_.status();
  if (first == Cursor::kEnd) return sdk::Status::SourceUnreadable("the file is empty");
  if (first == '<') {
    return sdk::Status::SourceUnreadable(
        "this is XML or a web page, not JSON: download the file again, or read it with the adapter xml");
  }
  if (first != '{' && first != '[') {
    if (const auto what = delimited::ForeignFormat(*source_)) {
      return sdk::Status::SourceUnreadable(what->substr(0, what->find(':')) +
                                           ", not JSON: send the JSON itself");
    }
  }
  if (options_.form != Options::Form::kDocument && !DecideLines(plan.lines)) return cursor_.status();
  if (plan.lines) {
    plan.geojson = features_;
    return sdk::Status::Ok();
  }
  if (options_.records) plan.records = *options_.records;
  // A list as the whole document needs no look at the rest: its records are read twice anyway.
  if (first == '[') return sdk::Status::Ok();
  if (first != '{') {
    cursor_.Refuse("a JSON document begins with { or [, not with " +
                   NotAValue(cursor_.stream().text().substr(0, 40)));
    return cursor_.status();
  }
  Path path;
  if (!Value(path)) return cursor_.status();
  return Choose(plan, true);
}

bool Survey::DecideLines(bool& lines) {
  std::string_view line;
  bool another = false;
  if (!cursor_.PeekLine(line, another)) return cursor_.status().ok();
  features_ = line.find("\"Feature\"") != std::string_view::npos &&
              line.find("\"geometry\"") != std::string_view::npos;
  lines = options_.form == Options::Form::kLines;
  for (const char* const ending : {".jsonl", ".ndjson", ".geojsonl", ".geojsonseq", ".jsonlines"}) {
    lines = lines || EndsWith(name_, ending);
  }
  if (lines) return true;
  if (line.empty() || line[0] != '{' || !another) return true;
  Extent extent;
  lines = extent.Follow(line, true) == Extent::State::kComplete && IsBlank(line.substr(extent.size()));
  return true;
}

bool Survey::Value(Path& path) {
  const int next = cursor_.Peek();
  if (next == '{' && path.size() < kDeepest) return Object(path);
  if (next == '[') return Array(path);
  return cursor_.Skip();
}

bool Survey::Object(Path& path) {
  cursor_.Step();
  Members members;
  std::string first;
  const size_t lists = lists_.size();
  const size_t keyed = keyed_.size();
  for (bool more = cursor_.Peek() != '}'; more;) {
    std::string name;
    if (!cursor_.TakeName(name)) return false;
    if (members.count == 0) first = name;
    path.push_back({.any = false, .name = name});
    const bool fine = Crs(name, path) && Member(path, members);
    path.pop_back();
    if (!fine) return false;
    const int next = cursor_.Peek();
    if (next == ',') {
      cursor_.Step();
      if (cursor_.Peek() == '}') return cursor_.Refuse("a comma before }: leave it out");
    } else if (next != '}') {
      if (!cursor_.status().ok()) return false;
      return cursor_.Refuse(
          next == Cursor::kEnd
              ? "the file ends before all brackets are closed: it was cut off; export or send it again"
              : "a comma is missing between two members");
    }
    more = next == ',';
  }
  if (!cursor_.status().ok()) return false;
  cursor_.Step();
  if (members.count >= 2 && members.objects == members.count && members.alike) {
    // What stands within such members is theirs, not the document's.
    lists_.resize(lists);
    keyed_.resize(keyed);
    Path each = path;
    each.push_back({.any = true, .name = ""});
    keyed_.push_back({each, members.count, 0});
  }
  entered_ = first;
  return true;
}

bool Survey::Member(Path& path, Members& members) {
  const bool is_object = cursor_.Peek() == '{';
  entered_.clear();
  if (!Value(path)) return false;
  ++members.count;
  if (!is_object) return true;
  if (++members.objects == 1) members.first_name = entered_;
  if (entered_ != members.first_name || entered_.empty()) members.alike = false;
  return true;
}

// What the root says of itself: {"type": "FeatureCollection", "crs": {"properties": {"name": ...}}}.
bool Survey::Crs(const std::string& name, const Path& path) {
  const bool type = path.size() == 1 && name == "type";
  if (cursor_.Peek() != '"' || (!type && !IsPath(path, {"crs", "properties", "name"})))
    return cursor_.status().ok();
  const std::string_view text = cursor_.stream().text().substr(0, kLongestName);
  const size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return true;
  if (type) collection_ = text.substr(1, end - 1) == "FeatureCollection";
  if (!type) crs_ = delimited::ForPeople(text.substr(1, end - 1), kLongestName);
  return true;
}

bool Survey::Array(const Path& path) {
  cursor_.Step();
  Candidate candidate{path, 0, 0};
  for (bool more = cursor_.Peek() != ']'; more;) {
    ++(cursor_.Peek() == '{' ? candidate.records : candidate.others);
    if (!cursor_.Skip()) return false;
    const int next = cursor_.Peek();
    if (next == ',') {
      cursor_.Step();
      if (cursor_.Peek() == ']') return cursor_.Refuse("a comma before ]: leave it out");
    } else if (next != ']') {
      if (!cursor_.status().ok()) return false;
      return cursor_.Refuse(next == Cursor::kEnd
                                ? "the file ends within a list, after " +
                                      std::to_string(candidate.records + candidate.others) +
                                      " of its elements: it was cut off; export or send it again"
                                : "a comma is missing between two elements of a list");
    }
    more = next == ',';
  }
  if (!cursor_.status().ok()) return false;
  cursor_.Step();
  if (candidate.records > 0 && candidate.records >= candidate.others && lists_.size() < kMostCandidates) {
    lists_.push_back(candidate);
  }
  if (candidate.records == 0 && !path.empty() && IsCustomary(path.back().name) &&
      barren_.size() < kMostCandidates) {
    barren_.push_back(candidate);
  }
  return true;
}

// Documents whose makers describe them: CKAN's result has its fields beside its records, ArcGIS its fields
// beside its features, a FeatureCollection what it likes.
const Survey::Candidate* Survey::Known() const {
  const auto find = [this](const std::vector<std::string_view>& names) -> const Candidate* {
    const auto at = std::find_if(lists_.begin(), lists_.end(),
                                 [&](const Candidate& each) { return IsPath(each.path, names); });
    return at == lists_.end() ? nullptr : &*at;
  };
  if (collection_) return find({"features"});
  if (find({"result", "fields"}) != nullptr && lists_.size() == 2) return find({"result", "records"});
  if (find({"fields"}) != nullptr && lists_.size() == 2) return find({"features"});
  return nullptr;
}

// Where the records would be if there were any: a month without records must not become one record, nor
// the description of the fields its records.
const Survey::Candidate* Survey::Barren() const {
  const auto find = [this](const std::vector<std::string_view>& names) -> const Candidate* {
    const auto at = std::find_if(barren_.begin(), barren_.end(),
                                 [&](const Candidate& each) { return IsPath(each.path, names); });
    return at == barren_.end() ? nullptr : &*at;
  };
  if (lists_.size() == 1 && IsPath(lists_[0].path, {"result", "fields"})) return find({"result", "records"});
  if (lists_.size() == 1 && IsPath(lists_[0].path, {"fields"})) return find({"features"});
  const bool alone = lists_.empty() && keyed_.empty() && barren_.size() == 1 && barren_[0].others == 0;
  return alone ? &barren_[0] : nullptr;
}

sdk::Status Survey::Choose(Plan& plan, bool root_is_object) {
  plan.geojson = collection_;
  plan.crs = crs_;
  if (options_.records) {
    plan.geojson = collection_ && IsPath(*options_.records, {"features"});
    return sdk::Status::Ok();
  }
  if (collection_ && Known() == nullptr)
    return sdk::Status::SourceUnreadable("the FeatureCollection has no features");
  if (const Candidate* barren = Barren()) {
    const std::string place = ToText(barren->path);
    return sdk::Status::SourceUnreadable(
        barren->others == 0
            ? "there are no records: the list " + place + " is empty"
            : "the elements of " + place +
                  " are no objects with names: have it exported so (CKAN: records_format=objects)");
  }
  const Candidate* chosen = lists_.size() == 1 ? &lists_[0] : Known();
  if (chosen != nullptr) {
    plan.records = chosen->path;
    plan.notes.push_back("the records are the elements of " + ToText(chosen->path) + " (" +
                         Count(chosen->records) + ")");
    return sdk::Status::Ok();
  }
  if (lists_.empty() && keyed_.empty() && root_is_object) {
    plan.notes.push_back("the document is one record: it has no list of objects");
    return sdk::Status::Ok();
  }
  std::string message =
      "it cannot be told which part of the document holds the records. Say it in the feed with the option "
      "records: ";
  std::vector<Candidate> all = lists_;
  all.insert(all.end(), keyed_.begin(), keyed_.end());
  for (size_t i = 0; i < all.size() && i < kMostShown; ++i) {
    message += (i == 0 ? "" : " or ") + ToText(all[i].path) + " (" + Count(all[i].records) + ")";
  }
  return sdk::Status::SourceUnreadable(message + ", or $ for the whole document as one record");
}

}  // namespace concordat::json
