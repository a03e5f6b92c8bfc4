#include "plugins/xml/reader.h"

#include <utility>

#include "plugins/delimited/signature.h"
#include "plugins/xml/candidates.h"

namespace concordat::xml {
namespace {

constexpr size_t kMostShown = 6;
const Path kDocument = {.anywhere = false, .names = {"*"}};

std::string Times(const tree::Place& place) { return std::to_string(place.count) + " times"; }

// The byte order marks of UTF-8 and UTF-16, and a first byte that XML can have.
bool CanBeXml(std::string_view head) {
  if (head.substr(0, 2) == "\xFF\xFE" || head.substr(0, 2) == "\xFE\xFF") return true;
  if (head.substr(0, 3) == "\xEF\xBB\xBF") head.remove_prefix(3);
  const size_t first = head.find_first_not_of(std::string_view(" \t\r\n\0", 5));
  return first == std::string_view::npos || head[first] == '<';
}

}  // namespace

Reader::Reader(tree::Source* source, Options options) : source_(source), options_(std::move(options)) {}

sdk::Status Reader::Open(std::vector<std::string>& columns) {
  if (auto status = Sniff(); !status.ok()) return status;
  if (auto status = Learn(); !status.ok()) return status;
  if (!options_.explode.empty()) {
    FindExploded(*top_);
    if (explode_ == nullptr)
      notes_.push_back("no record has an element \"" + options_.explode + "\" to explode");
  }
  if (options_.repeated == Options::Repeated::kCount) {
    for (const auto& child : top_->children) MuteRepeated(*child, false);
  }
  if (!shape_.NameColumns(*top_, columns)) {
    return sdk::Status::SourceUnreadable("the records have more than " +
                                         std::to_string(tree::Shape::kMostColumns) + " columns");
  }
  if (columns.empty())
    return sdk::Status::SourceUnreadable(
        "the records are empty: they have neither elements, attributes nor text");
  gather_.emplace(options_, path_, shape_, *top_, explode_, columns.size());
  parser_.emplace(source_, options_, &*gather_);
  return sdk::Status::Ok();
}

sdk::Status Reader::Sniff() {
  char head[1024];
  const int64_t got = source_->Read(0, head, sizeof head);
  if (got < 0) return sdk::Status::Failed("the source could not be read");
  if (CanBeXml({head, static_cast<size_t>(got)})) return sdk::Status::Ok();
  if (auto what = delimited::ForeignFormat(*source_)) {
    return sdk::Status::SourceUnreadable(what->substr(0, what->find(':')) + ", not XML: send the XML itself");
  }
  return sdk::Status::SourceUnreadable("this is no XML: it does not begin with <");
}

// Reads the whole document once; in search of the records, as one record of its own.
sdk::Status Reader::Learn() {
  path_ = options_.records.value_or(kDocument);
  top_ = &shape_.root();
  Gather gather(options_, path_, shape_, *top_);
  Parser parser(source_, options_, &gather);
  for (bool more = true; more;) {
    if (auto status = parser.Step(more); !status.ok()) {
      if (status.code() != CONCORDAT_SOURCE_UNREADABLE || !options_.records || gather.records() == 0)
        return status;
      return sdk::Status::SourceUnreadable(status.message() + " (in or behind record " +
                                           std::to_string(gather.records()) + ")");
    }
    if (gather.overflowed()) {
      return sdk::Status::SourceUnreadable("the document has more than " +
                                           std::to_string(tree::Shape::kMostPlaces) +
                                           " different places of elements and attributes");
    }
  }
  mixed_ = gather.mixed();
  if (!options_.records) return Choose();
  if (gather.records() > 0) return sdk::Status::Ok();
  tree::Shape other;
  Gather whole(options_, kDocument, other, other.root());
  Parser again(source_, options_, &whole);
  for (bool more = true; more;) {
    if (auto status = again.Step(more); !status.ok()) return status;
  }
  std::string message =
      "no element is where the option records says; the outermost element is " + other.root().name;
  const auto candidates = Repeating(other.root());
  for (size_t i = 0; i < candidates.size() && i < kMostShown; ++i) {
    message +=
        (i == 0 ? "; what repeats: " : ", ") + PathText(*candidates[i]) + " (" + Times(*candidates[i]) + ")";
  }
  return sdk::Status::SourceUnreadable(message);
}

sdk::Status Reader::Choose() {
  const auto candidates = Repeating(*top_);
  if (candidates.empty()) {
    std::string message =
        "no element repeats, so that it cannot be told what a record is. Say it in the feed with the option "
        "records";
    const auto structured = Structured(*top_, kMostShown);
    for (size_t i = 0; i < structured.size(); ++i) {
      message += (i == 0 ? ": " : " or ") + PathText(*structured[i]);
    }
    return sdk::Status::SourceUnreadable(message);
  }
  tree::Place* const chosen = const_cast<tree::Place*>(candidates[0]);
  notes_.push_back("the records are the elements " + PathText(*chosen) + " (" + Times(*chosen) + ")");
  for (size_t i = 1; i < candidates.size() && i < kMostShown; ++i) {
    notes_.push_back(PathText(*candidates[i]) + " repeats, too (" + Times(*candidates[i]) +
                     "): it is no part of the records; option records chooses it");
  }
  path_ = {.anywhere = false, .names = {"*"}};
  std::vector<std::string> names;
  for (const tree::Place* place = chosen; place != top_; place = place->parent)
    names.insert(names.begin(), place->name);
  path_.names.insert(path_.names.end(), names.begin(), names.end());
  top_ = chosen;
  if (top_->has_value) {
    if (tree::Place* const text = shape_.Child(*top_, Gather::kText)) text->has_value = true;
  }
  return sdk::Status::Ok();
}

void Reader::FindExploded(tree::Place& place) {
  for (const auto& child : place.children) {
    if (tree::Shape::PathOf(*child, *top_) == options_.explode) explode_ = child.get();
    FindExploded(*child);
  }
}

// A repeating element that is counted has one column; what stands in it has none.
void Reader::MuteRepeated(tree::Place& place, bool muted) {
  const bool counted = place.repeats && &place != explode_ && !muted;
  place.has_value = (place.has_value && !muted) || counted;
  place.was_empty = place.was_empty && !muted;
  for (const auto& child : place.children) MuteRepeated(*child, muted || counted);
}

sdk::Status Reader::Read(sdk::BatchBuilder& batch) {
  gather_->set_batch(&batch);
  while (more_ && !batch.full()) {
    if (auto status = parser_->Step(more_); !status.ok()) return status;
  }
  return sdk::Status::Ok();
}

sdk::SourceFacts Reader::facts() const {
  sdk::SourceFacts facts;
  facts.notes = notes_;
  if (parser_) facts.encoding = parser_->encoding();
  if (mixed_ > 0) {
    facts.notes.push_back(std::to_string(mixed_) +
                          " elements have text between their children: it is a column of its own");
  }
  if (gather_ && gather_->ambiguous() > 0) {
    facts.notes.push_back(std::to_string(gather_->ambiguous()) + " joined values hold the separator \"" +
                          options_.separator + "\" themselves");
  }
  return facts;
}

}  // namespace concordat::xml
