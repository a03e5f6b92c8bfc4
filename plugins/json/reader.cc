#include "plugins/json/reader.h"

#include <utility>

namespace concordat::json {

Reader::Reader(tree::Source* source, Options options, std::string name)
    : source_(source), options_(std::move(options)), name_(std::move(name)) {}

sdk::Status Reader::Open(std::vector<std::string>& columns) {
  if (auto status = Survey(source_, options_, name_).Run(plan_); !status.ok()) return status;
  records_.emplace(options_, plan_.geojson, shape_);
  if (auto status = Learn(); !status.ok()) return status;
  if (auto status = NameColumns(columns); !status.ok()) return status;
  row_.emplace(columns.size(), options_.separator);
  walker_.emplace(source_, options_, plan_);
  return sdk::Status::Ok();
}

sdk::Status Reader::Learn() {
  Walker walker(source_, options_, plan_);
  Slice slice;
  while (true) {
    bool more = false;
    if (auto status = walker.Next(slice, more); !status.ok()) return status;
    if (!more) break;
    std::string why;
    if (records_->Learn(slice, why)) {
      ++learnt_;
    } else if (first_trouble_.empty()) {
      first_trouble_ = "line " + std::to_string(slice.line) + ": " + why;
    }
    if (records_->overflowed()) {
      return sdk::Status::SourceUnreadable("the records have more than " +
                                           std::to_string(tree::Shape::kMostPlaces) +
                                           " different names: the names are ids rather, and a path that ends "
                                           "in .* (option records) makes a record of each");
    }
  }
  if (learnt_ > 0) return sdk::Status::Ok();
  if (!first_trouble_.empty()) {
    return sdk::Status::SourceUnreadable("none of the " + std::to_string(walker.records()) +
                                         " records can be read; the first: " + first_trouble_);
  }
  return sdk::Status::SourceUnreadable(
      plan_.lines ? "the file has no records"
                  : "there are no records at " + ToText(plan_.records) +
                        ": the list is empty, or the option records names another place");
}

sdk::Status Reader::NameColumns(std::vector<std::string>& columns) {
  if (!shape_.NameColumns(shape_.root(), columns)) {
    return sdk::Status::SourceUnreadable("the records have more than " +
                                         std::to_string(tree::Shape::kMostColumns) + " columns");
  }
  if (columns.empty())
    return sdk::Status::SourceUnreadable("the records have no names: there are no columns");
  return sdk::Status::Ok();
}

sdk::Status Reader::Read(sdk::BatchBuilder& batch) {
  Slice slice;
  while (!at_end_ && !batch.full()) {
    bool more = false;
    if (auto status = walker_->Next(slice, more); !status.ok()) return status;
    if (!more) {
      at_end_ = true;
      break;
    }
    std::string why;
    row_->Begin();
    if (records_->Fill(slice, *row_, why)) {
      row_->Emit(batch, slice.line);
    } else {
      batch.AddUnreadable(slice.line, why, delimited::ForPeople(slice.text, 4096));
    }
  }
  return sdk::Status::Ok();
}

sdk::SourceFacts Reader::facts() const {
  sdk::SourceFacts facts;
  facts.notes = plan_.notes;
  if (walker_) {
    facts.encoding = delimited::NameOf(walker_->cursor().stream().encoding());
    facts.blank = walker_->cursor().blank_lines();
    if (!walker_->cursor().stream().remark().empty())
      facts.notes.push_back(walker_->cursor().stream().remark());
  }
  if (plan_.lines) facts.notes.push_back("JSON Lines: each line is a record");
  const bool degrees = plan_.crs.empty() || plan_.crs.find("CRS84") != std::string::npos ||
                       plan_.crs.find("4326") != std::string::npos;
  if (plan_.geojson) {
    facts.notes.push_back(degrees ? "GeoJSON: x is the longitude, y the latitude (WGS 84)"
                                  : "GeoJSON in the coordinate system " + plan_.crs +
                                        ": x and y are not degrees");
  }
  if (!options_.explode.empty() && records_ && !records_->exploded()) {
    facts.notes.push_back("no record has a list \"" + options_.explode + "\" to explode");
  }
  if (row_ && row_->ambiguous() > 0) {
    facts.notes.push_back(std::to_string(row_->ambiguous()) + " joined values hold the separator \"" +
                          options_.separator + "\" themselves");
  }
  return facts;
}

}  // namespace concordat::json
