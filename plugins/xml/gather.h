// Elements into the cells of records; or, in the first pass, into the places that records have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/tree/row.h"
#include "plugins/tree/shape.h"
#include "plugins/xml/options.h"
#include "plugins/xml/parser.h"

namespace concordat::xml {

/// Child elements and attributes of a record become columns: "Name", "Geocode.Latitude", "@id", "Name.@lang";
/// the record's own text is "text". An element without text and one with xsi:nil are empty. Not thread-safe.
class Gather : public Handler {
 public:
  /// Learns: records are the elements that fit `path`, their places are learnt below `top`. All must outlive
  /// the object.
  Gather(const Options& options, const Path& path, tree::Shape& shape, tree::Place& top);
  /// Fills: after Shape::NameColumns, `explode` may be null. Give a batch before each step.
  Gather(const Options& options, const Path& path, tree::Shape& shape, tree::Place& top,
         const tree::Place* explode, size_t columns);

  void set_batch(sdk::BatchBuilder* batch) { batch_ = batch; }

  void Start(std::string_view name, const Attributes& attributes, uint64_t line) override;
  void Text(std::string_view text) override;
  void End() override;
  void Unknown(std::string_view entity) override;

  uint64_t records() const { return records_; }
  /// Elements with text between their children.
  uint64_t mixed() const { return mixed_; }
  uint64_t ambiguous() const { return row_.ambiguous(); }
  /// There are too many different names.
  bool overflowed() const { return overflowed_; }

  /// The name of the column with a record's own text.
  static constexpr std::string_view kText = "text";

 private:
  struct Frame {
    tree::Place* place = nullptr;
    std::string text;
    size_t children = 0;
    uint64_t visit = 0;
  };

  bool filling() const { return filling_; }
  void Begin(uint64_t line);
  void Push(tree::Place* place, const Attributes& attributes);
  void Count(tree::Place& place, uint64_t parent_visit);
  void TakeText(Frame& frame);
  void Put(tree::Place& place, std::string_view text);
  tree::Place* PlaceOf(tree::Place& parent, std::string_view name);
  void Finish();
  void Note(std::string_view before, std::string_view text, std::string_view after);

  const Options& options_;
  const Path& path_;
  tree::Shape& shape_;
  tree::Place& top_;
  const bool filling_;
  const tree::Place* explode_ = nullptr;
  tree::Row row_;
  sdk::BatchBuilder* batch_ = nullptr;

  std::vector<std::string> names_;  // of the elements that are open outside a record
  std::vector<std::string_view> open_;
  std::vector<Frame> frames_;  // of the record; those from depth_ on are kept for their memory
  size_t depth_ = 0;
  std::vector<tree::Place*> counted_;  // with counts in in_visit
  std::string raw_;                    // the beginning of the record, for people
  std::string trouble_;
  std::string scratch_;
  uint64_t line_ = 0;
  uint64_t visits_ = 0;
  uint64_t record_visit_ = 0;
  uint64_t records_ = 0;
  uint64_t mixed_ = 0;
  bool overflowed_ = false;
};

}  // namespace concordat::xml
