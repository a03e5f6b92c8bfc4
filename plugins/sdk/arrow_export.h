// The glue's Arrow side: batches and their schema as C structs that the worker releases. Adapters need not
// look here.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/sdk/batch_builder.h"

namespace concordat::sdk {

/// A finished batch with everything its C structs point to: the source's columns, then the four special ones.
/// The whole is released at once; its children own nothing of their own.
struct ExportedBatch {
  std::shared_ptr<BuilderPool> pool;  // where the columns go afterwards
  std::vector<TextBuilder> columns;
  std::vector<uint64_t> records;
  std::vector<uint64_t> lines;
  TextBuilder reasons;
  TextBuilder raws;
  std::vector<uint8_t> unreadable_bits;  // Arrow's validity bits of `reasons`

  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  std::vector<const void*> buffers;  // three a child, one for the struct itself

  /// Moves `batch` into `out`. `first_record` is the number of its first record.
  static Status Export(BatchBuilder batch, uint64_t first_record, std::shared_ptr<BuilderPool> pool,
                       ArrowArray* out) {
    if (Status status = batch.Check(); !status.ok()) return status;
    auto exported = std::make_unique<ExportedBatch>();
    exported->pool = std::move(pool);
    exported->TakeRecords(std::move(batch), first_record);
    exported->LayOut(out);
    out->private_data = exported.release();
    out->release = [](ArrowArray* array) {
      const std::unique_ptr<ExportedBatch> owned(static_cast<ExportedBatch*>(array->private_data));
      owned->pool->GiveBack(std::move(owned->columns));
      array->release = nullptr;
    };
    return Status::Ok();
  }

 private:
  void TakeRecords(BatchBuilder batch, uint64_t first_record) {
    const size_t count = batch.rows();
    columns = std::move(batch.columns_);
    lines = std::move(batch.lines_);
    records.resize(count);
    for (size_t row = 0; row < count; ++row) records[row] = first_record + row;
    unreadable_bits.resize((count + 7) / 8);
    for (const auto& bad : batch.unreadable_) {
      FillTo(bad.row);
      reasons.Append(bad.reason);
      raws.Append(bad.raw);
      unreadable_bits[bad.row / 8] |= static_cast<uint8_t>(1 << bad.row % 8);
    }
    FillTo(count);
  }

  void FillTo(size_t row) {
    while (reasons.rows() < row) {
      reasons.Append({});
      raws.Append({});
    }
  }

  void LayOut(ArrowArray* out) {
    const size_t count = columns.size() + 4;
    children.reserve(count);
    child_pointers.reserve(count);
    buffers.reserve(count * 3 + 1);
    for (TextBuilder& column : columns) AddText(column, nullptr);
    AddNumbers(records);
    AddNumbers(lines);
    AddText(reasons, unreadable_bits.data());
    AddText(raws, nullptr);
    *out = {};
    out->length = static_cast<int64_t>(records.size());
    out->n_buffers = 1;
    out->buffers = buffers.data() + buffers.size();
    buffers.push_back(nullptr);
    out->n_children = static_cast<int64_t>(count);
    out->children = child_pointers.data();
  }

  void AddText(TextBuilder& column, const void* validity) {
    column.Room(0);  // an empty column has its buffer, too
    AddChild({validity, column.offsets(), column.data()}, validity != nullptr);
  }
  void AddNumbers(const std::vector<uint64_t>& numbers) { AddChild({nullptr, numbers.data()}, false); }

  void AddChild(std::initializer_list<const void*> child_buffers, bool may_be_null) {
    ArrowArray child = {};
    child.length = static_cast<int64_t>(records.size());
    child.null_count = may_be_null ? -1 : 0;
    child.n_buffers = static_cast<int64_t>(child_buffers.size());
    child.buffers = buffers.data() + buffers.size();
    child.release = [](ArrowArray* array) { array->release = nullptr; };
    buffers.insert(buffers.end(), child_buffers);
    children.push_back(child);
    child_pointers.push_back(&children.back());
  }
};

/// The schema of such batches.
struct ExportedSchema {
  std::vector<std::string> names;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;

  static void Export(const std::vector<std::string>& columns, ArrowSchema* out) {
    auto exported = std::make_unique<ExportedSchema>();
    exported->names = columns;
    exported->names.insert(exported->names.end(),
                           {CONCORDAT_RECORD, CONCORDAT_LINE, CONCORDAT_UNREADABLE, CONCORDAT_RAW});
    exported->LayOut(columns.size(), out);
    out->private_data = exported.release();
    out->release = [](ArrowSchema* schema) {
      delete static_cast<ExportedSchema*>(schema->private_data);
      schema->release = nullptr;
    };
  }

 private:
  void LayOut(size_t column_count, ArrowSchema* out) {
    children.reserve(names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      const bool number = i == column_count || i == column_count + 1;
      ArrowSchema child = {};
      child.format = number ? "L" : "u";
      child.name = names[i].c_str();
      child.flags = i == column_count + 2 ? ARROW_FLAG_NULLABLE : 0;
      child.release = [](ArrowSchema* schema) { schema->release = nullptr; };
      children.push_back(child);
      child_pointers.push_back(&children.back());
    }
    *out = {};
    out->format = "+s";
    out->name = "";
    out->n_children = static_cast<int64_t>(children.size());
    out->children = child_pointers.data();
  }
};

}  // namespace concordat::sdk
