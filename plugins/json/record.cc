#include "plugins/json/record.h"

#include <simdjson.h>

#include <utility>
#include <vector>

#include "plugins/json/geometry.h"
#include "plugins/json/mistake.h"

namespace concordat::json {
namespace {

namespace ondemand = simdjson::ondemand;
using Options_Lists = Options::Lists;

std::string_view WithoutBlanks(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

}  // namespace

class RecordReader::Parsing {
 public:
  Parsing(const Options& options, bool geojson, tree::Shape& shape)
      : options_(options), geojson_(geojson), shape_(shape) {}

  bool Read(const Slice& slice, tree::Row* row, std::string& why) {
    row_ = row;
    why_.clear();
    bool fine = slice.trouble.empty();
    if (!fine) why_ = slice.trouble;
    if (fine) fine = (slice.exact || Whole(slice.text)) && Keys(slice) && Record(slice.text);
    if (!fine) why = why_.empty() ? Diagnose(slice) : why_;
    return fine;
  }

  uint64_t plain() const { return plain_; }
  uint64_t objects() const { return objects_; }
  bool exploded() const { return explode_ != nullptr; }
  bool overflowed() const { return overflowed_; }

 private:
  bool Trouble(std::string why) {
    why_ = std::move(why);
    return false;
  }

  // simdjson says that something is wrong, the slow checker says what and where.
  static std::string Diagnose(const Slice& slice) {
    const auto mistake = FirstMistake(slice.text);
    if (!mistake) return "the record is no JSON that can be read";
    uint64_t line = slice.line;
    uint64_t column = slice.column;
    CountLines(slice.text.substr(0, mistake->at), line, column);
    return PlaceWords(line, column) + ": " + mistake->what;
  }

  // A line may hold more or less than one value; what the walker cut out of a document never does.
  static bool Whole(std::string_view text) {
    Extent extent;
    return text.size() < 2 || text[0] != '{' ||
           (extent.Follow(text, true) == Extent::State::kComplete && extent.size() == text.size());
  }

  bool Keys(const Slice& slice) {
    for (size_t i = 0; i < slice.keys->size(); ++i) {
      tree::Place* const place =
          PlaceOf(shape_.root(), i == 0 ? "record.key" : "record.key " + std::to_string(i + 1));
      if (place == nullptr) return false;
      Put(*place, (*slice.keys)[i]);
    }
    return true;
  }

  bool Record(std::string_view text) {
    if (text.empty() || text[0] != '{') return Plain(text);
    if (row_ == nullptr) ++objects_;
    ondemand::document document;
    if (parser_.iterate(text.data(), text.size(), text.size() + delimited::TextStream::kPadding)
            .get(document) != simdjson::SUCCESS) {
      return false;
    }
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    return geojson_ ? Feature(object) : Object(object, shape_.root(), 0);
  }

  // A number or text alone: the column "value". A list is no record.
  bool Plain(std::string_view text) {
    const std::string_view value = WithoutBlanks(text);
    if (FirstMistake(value)) return false;
    if (value[0] == '[') return Trouble("the record is a list, not an object with names");
    if (value == "null") return Trouble("the record is null, not an object with names");
    if (row_ == nullptr) ++plain_;
    if (objects_ > 0 || geojson_)
      return Trouble("the record is a plain value, not an object with names as the others are");
    tree::Place* const place = PlaceOf(shape_.root(), "value");
    if (place == nullptr) return false;
    if (value[0] == '"') {
      Put(*place, Unescaped(value.substr(1, value.size() - 2)));
    } else {
      Put(*place, value);
    }
    return true;
  }

  tree::Place* PlaceOf(tree::Place& parent, std::string_view name) {
    if (row_ != nullptr) return shape_.Find(parent, name);
    tree::Place* const place = shape_.Child(parent, name);
    overflowed_ = overflowed_ || place == nullptr;
    return place;
  }

  void Put(tree::Place& place, std::string_view text) {
    if (row_ != nullptr) {
      row_->Add(place.column, text);
    } else {
      place.has_value = true;
    }
  }

  // False with why_ empty: simdjson met a mistake.
  bool Object(ondemand::object object, tree::Place& place, size_t depth) {
    if (depth > kDeepest) return false;
    if (row_ == nullptr) place.was_empty = true;
    const uint64_t visit = ++visits_;
    for (auto each : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(each).get(field) != simdjson::SUCCESS ||
          field.unescaped_key().get(name) != simdjson::SUCCESS)
        return false;
      tree::Place* const child = PlaceOf(place, name);
      if (child == nullptr)
        return Trouble("the record has names that no other has: there are too many of them");
      if (child->visit == visit)
        return Trouble("the name \"" + child->name + "\" stands twice in one object: which value counts?");
      child->visit = visit;
      if (!Value(field.value(), *child, depth + 1)) return false;
    }
    return true;
  }

  bool Value(ondemand::value value, tree::Place& place, size_t depth) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      return value.get_object().get(object) == simdjson::SUCCESS && Object(object, place, depth);
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      return value.get_array().get(array) == simdjson::SUCCESS && List(array, place, depth);
    }
    return Scalar(value, type, place);
  }

  bool Scalar(ondemand::value value, ondemand::json_type type, tree::Place& place) {
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      Put(place, text);
    } else if (type == ondemand::json_type::number) {
      const std::string_view text = WithoutBlanks(value.raw_json_token());
      if (!IsNumber(text)) return false;
      Put(place, text);
    } else if (type == ondemand::json_type::boolean) {
      bool is = false;
      if (value.get_bool().get(is) != simdjson::SUCCESS) return false;
      Put(place, is ? "true" : "false");
    } else {
      bool is = false;
      if (value.is_null().get(is) != simdjson::SUCCESS || !is) return false;
      if (row_ == nullptr) place.was_empty = true;
    }
    return true;
  }

  bool List(ondemand::array list, tree::Place& place, size_t depth) {
    if (depth > kDeepest) return false;
    if (row_ == nullptr) place.was_empty = true;
    if (IsExploded(place)) return Explode(list, place, depth);
    if (options_.lists == Options_Lists::kText) {
      std::string_view text;
      if (list.raw_json().get(text) != simdjson::SUCCESS || FirstMistake(text)) return false;
      Put(place, WithoutBlanks(text));
      return true;
    }
    uint64_t count = 0;
    for (auto each : list) {
      ondemand::value element;
      if (std::move(each).get(element) != simdjson::SUCCESS) return false;
      ++count;
      if (!Element(element, place, depth)) return false;
    }
    if (options_.lists == Options_Lists::kCount) Put(place, std::to_string(count));
    return true;
  }

  static bool RawOf(ondemand::value value, ondemand::json_type type, std::string_view& text) {
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      return value.get_array().get(array) == simdjson::SUCCESS &&
             array.raw_json().get(text) == simdjson::SUCCESS;
    }
    ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS &&
           object.raw_json().get(text) == simdjson::SUCCESS;
  }

  // One of several values that are joined, or only counted.
  bool Element(ondemand::value element, tree::Place& place, size_t depth) {
    ondemand::json_type type;
    if (element.type().get(type) != simdjson::SUCCESS) return false;
    const bool counted = options_.lists == Options_Lists::kCount;
    if (type == ondemand::json_type::array || (counted && type == ondemand::json_type::object)) {
      std::string_view text;
      if (!RawOf(element, type, text) || FirstMistake(text)) return false;
      if (!counted) Put(place, WithoutBlanks(text));
      return true;
    }
    if (!counted) return Value(element, place, depth + 1);
    tree::Place nowhere;
    tree::Row* const row = std::exchange(row_, nullptr);
    const bool fine = Scalar(element, type, nowhere);
    row_ = row;
    return fine;
  }

  bool IsExploded(tree::Place& place) {
    if (explode_ != nullptr || options_.explode.empty()) return explode_ == &place;
    if (row_ == nullptr && tree::Shape::PathOf(place, shape_.root()) == options_.explode) explode_ = &place;
    return explode_ == &place;
  }

  bool Explode(ondemand::array list, tree::Place& place, size_t depth) {
    for (auto each : list) {
      ondemand::value element;
      if (std::move(each).get(element) != simdjson::SUCCESS) return false;
      if (row_ != nullptr) row_->BeginElement();
      const bool fine = Value(element, place, depth + 1);
      if (row_ != nullptr) row_->EndElement();
      if (!fine) return false;
    }
    return true;
  }

  bool Feature(ondemand::object feature) {
    const uint64_t visit = ++visits_;
    bool is_feature = false;
    for (auto each : feature) {
      ondemand::field field;
      std::string_view name;
      if (std::move(each).get(field) != simdjson::SUCCESS ||
          field.unescaped_key().get(name) != simdjson::SUCCESS)
        return false;
      tree::Place* const place = PlaceOf(shape_.root(), name == "id" ? "feature.id" : name);
      if (place == nullptr)
        return Trouble("the record has names that no other has: there are too many of them");
      if (place->visit == visit)
        return Trouble("the name \"" + std::string(name) + "\" stands twice in one feature");
      place->visit = visit;
      ondemand::value value = field.value();
      if (name == "type") {
        std::string_view type;
        if (value.get_string().get(type) != simdjson::SUCCESS) return false;
        is_feature = type == "Feature";
      } else if (name == "geometry") {
        place->bare = true;
        if (!Geometry(value)) return false;
      } else if (name != "bbox") {
        if (name == "properties") place->bare = true;
        if (!Value(value, *place, 1)) return false;
      } else {
        place->bare = true;
      }
    }
    return is_feature || Trouble("the record is no Feature: its type must say so");
  }

  bool Geometry(ondemand::value value) {
    ondemand::json_type kind;
    if (value.type().get(kind) != simdjson::SUCCESS) return false;
    if (kind == ondemand::json_type::null) return NoGeometry();
    ondemand::object object;
    if (kind != ondemand::json_type::object) return Trouble("the geometry is no object");
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    std::string type;
    std::string_view coordinates;
    for (auto each : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(each).get(field) != simdjson::SUCCESS ||
          field.unescaped_key().get(name) != simdjson::SUCCESS)
        return false;
      ondemand::value member = field.value();
      if (name == "type") {
        std::string_view text;
        if (member.get_string().get(text) != simdjson::SUCCESS) return false;
        type = text;
      } else if (name == "coordinates") {
        ondemand::array array;
        if (member.get_array().get(array) != simdjson::SUCCESS)
          return Trouble("the coordinates of the geometry are no list");
        if (array.raw_json().get(coordinates) != simdjson::SUCCESS) return false;
      }
    }
    return Tell(type, WithoutBlanks(coordinates));
  }

  // The columns exist even when no feature has a geometry.
  bool NoGeometry() {
    for (const char* const name : GeometryColumns()) {
      tree::Place* const place = PlaceOf(shape_.root(), name);
      if (place == nullptr) return false;
      if (row_ == nullptr) place->was_empty = true;
    }
    return true;
  }

  std::vector<const char*> GeometryColumns() const {
    using G = Options::Geometry;
    const G wanted = options_.geometry;
    if (wanted == G::kNone) return {};
    std::vector<const char*> names = {"geometry.type"};
    if (wanted == G::kPoint || wanted == G::kAll) names.insert(names.end(), {"geometry.x", "geometry.y"});
    if (wanted == G::kBox || wanted == G::kAll) {
      names.insert(names.end(), {"geometry.west", "geometry.south", "geometry.east", "geometry.north"});
    }
    if (wanted == G::kWkt || wanted == G::kAll) names.push_back("geometry.wkt");
    return names;
  }

  bool Tell(const std::string& type, std::string_view coordinates) {
    if (!NoGeometry()) return false;
    if (options_.geometry == Options::Geometry::kNone) return true;
    Outline outline;
    std::string why;
    if (type != "GeometryCollection" && !ReadGeometry(type, coordinates, outline, why)) return Trouble(why);
    for (const std::string_view name : GeometryColumns()) {
      tree::Place* const place = PlaceOf(shape_.root(), name);
      const std::string_view what = name.substr(9);
      if (what == "type") {
        Put(*place, type);
      } else if (what == "wkt") {
        if (!outline.wkt.empty()) Put(*place, outline.wkt);
      } else if (outline.positions > 0) {
        const double number = what == "x"       ? outline.x
                              : what == "y"     ? outline.y
                              : what == "west"  ? outline.west
                              : what == "south" ? outline.south
                              : what == "east"  ? outline.east
                                                : outline.north;
        Put(*place, CoordinateText(number));
      }
    }
    return true;
  }

  const Options& options_;
  const bool geojson_;
  tree::Shape& shape_;
  ondemand::parser parser_;
  tree::Row* row_ = nullptr;  // null: learning
  std::string why_;
  uint64_t visits_ = 0;
  uint64_t plain_ = 0;
  uint64_t objects_ = 0;
  tree::Place* explode_ = nullptr;
  bool overflowed_ = false;
};

RecordReader::RecordReader(const Options& options, bool geojson, tree::Shape& shape)
    : parsing_(std::make_unique<Parsing>(options, geojson, shape)) {}
RecordReader::~RecordReader() = default;

bool RecordReader::Learn(const Slice& slice, std::string& why) { return parsing_->Read(slice, nullptr, why); }
bool RecordReader::Fill(const Slice& slice, tree::Row& row, std::string& why) {
  return parsing_->Read(slice, &row, why);
}
uint64_t RecordReader::plain() const { return parsing_->plain(); }
uint64_t RecordReader::objects() const { return parsing_->objects(); }
bool RecordReader::exploded() const { return parsing_->exploded(); }
bool RecordReader::overflowed() const { return parsing_->overflowed(); }

}  // namespace concordat::json
