#include "plugins/json/walker.h"

#include "plugins/json/mistake.h"

namespace concordat::json {
namespace {

constexpr const char* kTooLong = "the record is longer than 32 MiB";

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\x1E'; }

}  // namespace

Walker::Walker(tree::Source* source, const Options& options, const Plan& plan)
    : cursor_(source, options), options_(options), plan_(plan) {}

sdk::Status Walker::Next(Slice& slice, bool& more) {
  slice.trouble.clear();
  slice.keys = &keys_;
  slice.exact = !plan_.lines;
  more = true;
  const bool fine = plan_.lines ? NextLine(slice, more) : NextInDocument(slice, more);
  if (fine && more) ++records_;
  if (fine) return sdk::Status::Ok();
  const sdk::Status& status = cursor_.status();
  if (status.code() != CONCORDAT_SOURCE_UNREADABLE || records_ == 0) return status;
  return sdk::Status::SourceUnreadable(status.message() + " (after " + std::to_string(records_) +
                                       (records_ == 1 ? " record)" : " records)"));
}

bool Walker::NextLine(Slice& slice, bool& more) {
  bool too_long = false;
  if (!cursor_.TakeLine(slice.text, too_long, more)) return false;
  if (!more) return true;
  slice.line = cursor_.line();
  slice.column = 1;
  if (too_long) slice.trouble = kTooLong;
  while (!slice.text.empty() && IsBlank(slice.text.front())) {
    slice.text.remove_prefix(1);
    ++slice.column;
  }
  return true;
}

bool Walker::NextInDocument(Slice& slice, bool& more) {
  bool record = false;
  if (!started_) {
    started_ = true;
    if (!Enter(0, record)) return false;
    if (record) return TakeRecord(slice);
  }
  while (!frames_.empty()) {
    bool closed = false;
    if (!Advance(frames_.back(), closed)) return false;
    if (closed) {
      frames_.pop_back();
      continue;
    }
    const size_t depth = frames_.size();
    if (frames_.back().has_key) keys_.pop_back();
    frames_.back().has_key = false;
    if (!Inside(frames_[depth - 1], record)) return false;
    if (record) return TakeRecord(slice);
  }
  more = false;
  return Finish();
}

// To the next element or member of the container, or behind it.
bool Walker::Advance(Frame& frame, bool& closed) {
  const char close = frame.array ? ']' : '}';
  int next = cursor_.Peek();
  if (!frame.first && next == ',') {
    cursor_.Step();
    next = cursor_.Peek();
    if (next == close) return cursor_.Refuse(std::string("a comma before ") + close + ": leave it out");
  } else if (!frame.first && next != close && next != Cursor::kEnd) {
    return cursor_.Refuse(frame.array ? "a comma is missing between two elements of a list, before \"" +
                                            delimited::ForPeople(cursor_.stream().text(), 12) + "\""
                                      : "a comma is missing between two members, before \"" +
                                            delimited::ForPeople(cursor_.stream().text(), 12) + "\"");
  }
  if (!cursor_.status().ok()) return false;
  if (next == Cursor::kEnd) {
    return cursor_.Refuse(std::string("the file ends before the ") + close + " of the " +
                          (frame.array ? "list" : "object") +
                          " that holds the records: it was cut off; export or send it again");
  }
  frame.first = false;
  closed = next == close;
  if (closed) {
    if (frame.has_key) keys_.pop_back();
    cursor_.Step();
  }
  return true;
}

// At an element, or at the name of a member.
bool Walker::Inside(Frame& frame, bool& record) {
  record = false;
  const size_t step = frame.step;
  if (frame.array) {
    if (!frame.records) return Enter(step, record);
    record = true;
    return true;
  }
  std::string name;
  if (!cursor_.TakeName(name)) return false;
  const Step& wanted = plan_.records[step];
  if (!wanted.any && wanted.name != name) return cursor_.Skip();
  if (wanted.any) {
    keys_.push_back(name);
    frame.has_key = true;
  }
  return Enter(step + 1, record);
}

// At a value to which the first `step` steps of the path have led.
bool Walker::Enter(size_t step, bool& record) {
  record = false;
  const int next = cursor_.Peek();
  if (!cursor_.status().ok()) return false;
  const bool array = next == '[';
  if (step == plan_.records.size() && !array) {
    record = true;
    return true;
  }
  if (next == '[') {
    // "*" is an element of the list; a name is looked for in each of its elements.
    const bool any = step < plan_.records.size() && plan_.records[step].any;
    frames_.push_back(
        {.array = true, .records = step == plan_.records.size(), .step = any ? step + 1 : step});
  } else if (next == '{') {
    frames_.push_back({.array = false, .step = step});
  } else {
    return cursor_.Skip();
  }
  if (frames_.size() > kDeepest) return cursor_.Refuse("more than 100 levels of brackets in each other");
  cursor_.Step();
  return true;
}

bool Walker::TakeRecord(Slice& slice) {
  bool too_long = false;
  if (cursor_.Peek() == Cursor::kEnd && !cursor_.status().ok()) return false;
  slice.line = cursor_.line();
  slice.column = cursor_.column();
  if (!cursor_.Take(slice.text, too_long)) return false;
  if (too_long) slice.trouble = kTooLong;
  return true;
}

bool Walker::Finish() {
  if (cursor_.Peek() == Cursor::kEnd) return cursor_.status().ok();
  return cursor_.Refuse("something stands after the end of the document: \"" +
                        delimited::ForPeople(cursor_.stream().text(), 24) +
                        "\"; several documents in one file must be one a line (option form: lines)");
}

}  // namespace concordat::json
