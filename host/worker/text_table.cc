#include "host/worker/text_table.h"

namespace concordat::worker {
namespace {

// Arrow marks what is released by a null `release`; these live on, whoever calls it.
void KeepSchema(ArrowSchema*) {}
void KeepArray(ArrowArray*) {}

}  // namespace

TextTable::TextTable(std::vector<std::string> names)
    : names_(std::move(names)),
      schemas_(names_.size()),
      arrays_(names_.size()),
      buffers_(names_.size() * 3 + 1) {
  for (size_t i = 0; i < names_.size(); ++i) {
    schemas_[i].format = "u";
    schemas_[i].name = names_[i].c_str();
    schemas_[i].release = &KeepSchema;
    schema_pointers_.push_back(&schemas_[i]);
    arrays_[i].n_buffers = 3;
    arrays_[i].buffers = &buffers_[i * 3];
    arrays_[i].release = &KeepArray;
    array_pointers_.push_back(&arrays_[i]);
  }
  schema_.format = "+s";
  schema_.name = "";
  schema_.n_children = static_cast<int64_t>(names_.size());
  schema_.children = schema_pointers_.data();
  schema_.release = &KeepSchema;
  array_.n_buffers = 1;
  array_.buffers = &buffers_.back();
  array_.n_children = schema_.n_children;
  array_.children = array_pointers_.data();
  array_.release = &KeepArray;
}

void TextTable::Point(const std::vector<data::TextView>& columns, size_t rows) {
  array_.length = static_cast<int64_t>(rows);
  for (size_t i = 0; i < arrays_.size(); ++i) {
    arrays_[i].length = array_.length;
    buffers_[i * 3 + 1] = columns[i].offsets;
    buffers_[i * 3 + 2] = columns[i].bytes;
  }
}

}  // namespace concordat::worker
