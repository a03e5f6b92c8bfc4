#include "plugins/xml/gather.h"

namespace concordat::xml {
namespace {

constexpr size_t kRawBytes = 4096;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Nothing but the white space that lays a document out.
bool IsLayout(std::string_view text) {
  bool breaks = false;
  for (const char c : text) {
    if (!IsSpace(c)) return false;
    breaks = breaks || c == '\n';
  }
  return breaks || text.empty();
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \n\t\r") == std::string_view::npos; }

// Runs of white space as one blank, none at the ends: text between elements is wrapped as its writer liked.
void Collapse(std::string_view text, std::string& out) {
  out.clear();
  for (const char c : text) {
    if (!IsSpace(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
}

}  // namespace

Gather::Gather(const Options& options, const Path& path, tree::Shape& shape, tree::Place& top)
    : options_(options), path_(path), shape_(shape), top_(top), filling_(false), row_(0, options.separator) {}

Gather::Gather(const Options& options, const Path& path, tree::Shape& shape, tree::Place& top,
               const tree::Place* explode, size_t columns)
    : options_(options),
      path_(path),
      shape_(shape),
      top_(top),
      filling_(true),
      explode_(explode),
      row_(columns, options.separator) {}

tree::Place* Gather::PlaceOf(tree::Place& parent, std::string_view name) {
  if (filling_) return shape_.Find(parent, name);
  tree::Place* const place = shape_.Child(parent, name);
  overflowed_ = overflowed_ || place == nullptr;
  return place;
}

void Gather::Put(tree::Place& place, std::string_view text) {
  if (filling_) {
    row_.Add(place.column, text);
  } else {
    place.has_value = true;
  }
}

void Gather::Note(std::string_view before, std::string_view text, std::string_view after) {
  if (!filling_ || raw_.size() >= kRawBytes) return;
  raw_.append(before).append(text.substr(0, kRawBytes)).append(after);
}

void Gather::Start(std::string_view name, const Attributes& attributes, uint64_t line) {
  if (depth_ == 0) {
    names_.emplace_back(name);
    open_.assign(names_.begin(), names_.end());
    if (!Fits(path_, open_)) return;
    names_.pop_back();
    if (!filling_ && top_.name.empty()) top_.name = name;
    Begin(line);
    Note("<", name, ">");
    Push(&top_, attributes);
    return;
  }
  Note("<", name, ">");
  Frame& parent = frames_[depth_ - 1];
  ++parent.children;
  tree::Place* const place = parent.place == nullptr ? nullptr : PlaceOf(*parent.place, name);
  if (place != nullptr) Count(*place, parent.visit);
  Push(place, attributes);
}

void Gather::Begin(uint64_t line) {
  ++records_;
  line_ = line;
  raw_.clear();
  trouble_.clear();
  counted_.clear();
  row_.Begin();
  record_visit_ = visits_ + 1;
}

void Gather::Count(tree::Place& place, uint64_t parent_visit) {
  if (!filling_) {
    ++place.count;
    if (place.visit == parent_visit) place.repeats = true;
    place.visit = parent_visit;
    return;
  }
  if (&place == explode_) {
    row_.BeginElement();
  } else if (options_.repeated == Options::Repeated::kCount && place.repeats) {
    if (place.visit != record_visit_) {
      place.in_visit = 0;
      counted_.push_back(&place);
    }
    place.visit = record_visit_;
    ++place.in_visit;
  }
}

void Gather::Push(tree::Place* place, const Attributes& attributes) {
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.place = place;
  frame.text.clear();
  frame.children = 0;
  frame.visit = ++visits_;
  if (place == nullptr) return;
  if (!filling_) place->was_empty = true;
  for (const auto& [name, value] : attributes) {
    scratch_.assign("@").append(name);
    if (tree::Place* const at = PlaceOf(*place, scratch_)) Put(*at, value);
  }
}

void Gather::Text(std::string_view text) {
  if (depth_ == 0) return;
  Frame& frame = frames_[depth_ - 1];
  if (frame.text.size() + row_.bytes() + text.size() > options_.record_bytes) {
    trouble_ = "the record is longer than 32 MiB";
    frame.text.clear();
    return;
  }
  frame.text.append(text);
}

void Gather::Unknown(std::string_view entity) {
  if (depth_ == 0) return;
  trouble_ = "the entity &" + std::string(entity) +
             "; is defined nowhere here: write the character itself, or its number such as &#163;";
  Note("&", entity, ";");
}

void Gather::End() {
  if (depth_ == 0) {
    names_.pop_back();
    return;
  }
  Frame& frame = frames_[--depth_];
  Note("", frame.text, "</>");
  if (frame.place != nullptr) TakeText(frame);
  if (frame.place == explode_ && explode_ != nullptr) row_.EndElement();
  if (depth_ == 0) Finish();
}

void Gather::TakeText(Frame& frame) {
  tree::Place* place = frame.place;
  std::string_view text = frame.text;
  if (frame.children > 0) {
    if (IsBlank(text)) return;
    if (!filling_) ++mixed_;
    Collapse(text, scratch_);
    text = scratch_;
  }
  if (IsLayout(text)) return;
  const bool counted =
      filling_ && options_.repeated == Options::Repeated::kCount && place->repeats && place != explode_;
  if (counted && place != &top_) return;
  if (place == &top_) place = PlaceOf(top_, kText);
  if (place != nullptr) Put(*place, text);
}

void Gather::Finish() {
  if (!filling_) return;
  for (tree::Place* const place : counted_) row_.Add(place->column, std::to_string(place->in_visit));
  if (trouble_.empty()) {
    row_.Emit(*batch_, line_);
  } else {
    batch_->AddUnreadable(line_, trouble_, raw_);
  }
}

}  // namespace concordat::xml
