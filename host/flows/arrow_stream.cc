#include <flatbuffers/flatbuffers.h>

#include "host/flows/row_format.h"

namespace concordat::flows {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::voffset_t;

// Field n of a table, as flatbuffers numbers them.
constexpr voffset_t Slot(int n) { return static_cast<voffset_t>(4 + 2 * n); }

// Words of Message.fbs and Schema.fbs.
constexpr int16_t kVersion5 = 4;
constexpr uint8_t kSchemaHeader = 1;
constexpr uint8_t kRecordBatchHeader = 3;
constexpr uint8_t kUtf8Type = 5;
constexpr size_t kAlignment = 8;

struct Any {};  // tables are told apart by their place, not by their C++ type

FLATBUFFERS_MANUALLY_ALIGNED_STRUCT(8) FieldNode final {
  int64_t length;
  int64_t null_count;
};
FLATBUFFERS_STRUCT_END(FieldNode, 16);
FLATBUFFERS_MANUALLY_ALIGNED_STRUCT(8) BufferPlace final {
  int64_t offset;
  int64_t length;
};
FLATBUFFERS_STRUCT_END(BufferPlace, 16);

size_t Padded(size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

template <typename Fill>
Offset<Any> Table(FlatBufferBuilder& builder, Fill fill) {
  const auto start = builder.StartTable();
  fill();
  return Offset<Any>(builder.EndTable(start));
}

// A message in its envelope: continuation mark, length, flatbuffer, padding; the body follows.
std::string Envelope(FlatBufferBuilder& builder, uint8_t header_type, Offset<Any> header, size_t body) {
  const Offset<Any> message = Table(builder, [&] {
    builder.AddElement<int64_t>(Slot(3), static_cast<int64_t>(body), 0);
    builder.AddOffset(Slot(2), header);
    builder.AddElement<int16_t>(Slot(0), kVersion5, 0);
    builder.AddElement<uint8_t>(Slot(1), header_type, 0);
  });
  builder.Finish(message);
  const size_t size = Padded(builder.GetSize());
  std::string text(8, '\xFF');
  for (size_t i = 0; i < 4; ++i) text[4 + i] = static_cast<char>(size >> (8 * i) & 0xFF);
  text.append(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  text.resize(8 + size, '\0');
  return text;
}

class ArrowStream final : public RowFormat {
 public:
  ArrowStream(std::vector<std::string> columns, RowMetadata metadata)
      : columns_(std::move(columns)), metadata_(std::move(metadata)) {}

  std::string Begin() override {
    FlatBufferBuilder builder;
    std::vector<Offset<Any>> fields;
    for (const std::string& column : columns_) fields.push_back(Field(builder, column));
    const auto field_list = builder.CreateVector(fields);
    std::vector<Offset<Any>> pairs;
    for (const auto& [key, value] : metadata_) pairs.push_back(KeyValue(builder, key, value));
    const auto pair_list = builder.CreateVector(pairs);
    const Offset<Any> schema = Table(builder, [&] {
      builder.AddOffset(Slot(1), field_list);
      builder.AddOffset(Slot(2), pair_list);
    });
    return Envelope(builder, kSchemaHeader, schema, 0);
  }

  std::string Rows(const sharing::ReleasedRows& rows) override {
    if (rows.rows() == 0) return {};
    std::string body;
    std::vector<FieldNode> nodes;
    std::vector<BufferPlace> buffers;
    for (const auto& column : rows.columns) {
      const int64_t nulls = AppendValidity(*column, body, buffers);
      nodes.push_back({static_cast<int64_t>(column->rows()), nulls});
      AppendBuffer(
          {reinterpret_cast<const char*>(column->offsets.data()), column->offsets.size() * sizeof(int32_t)},
          body, buffers);
      AppendBuffer(column->bytes, body, buffers);
    }
    FlatBufferBuilder builder;
    const auto node_list = builder.CreateVectorOfStructs(nodes);
    const auto buffer_list = builder.CreateVectorOfStructs(buffers);
    const Offset<Any> batch = Table(builder, [&] {
      builder.AddElement<int64_t>(Slot(0), static_cast<int64_t>(rows.rows()), 0);
      builder.AddOffset(Slot(1), node_list);
      builder.AddOffset(Slot(2), buffer_list);
    });
    return Envelope(builder, kRecordBatchHeader, batch, body.size()) + body;
  }

  std::string End() override { return std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8); }

 private:
  static Offset<Any> Field(FlatBufferBuilder& builder, const std::string& column) {
    const auto name = builder.CreateString(column);
    const Offset<Any> type = Table(builder, [] {});
    const auto children = builder.CreateVector(std::vector<Offset<Any>>());
    return Table(builder, [&] {
      builder.AddOffset(Slot(0), name);
      builder.AddElement<uint8_t>(Slot(1), 1, 0);  // nullable
      builder.AddElement<uint8_t>(Slot(2), kUtf8Type, 0);
      builder.AddOffset(Slot(3), type);
      builder.AddOffset(Slot(5), children);
    });
  }

  static Offset<Any> KeyValue(FlatBufferBuilder& builder, const std::string& key, const std::string& value) {
    const auto key_text = builder.CreateString(key);
    const auto value_text = builder.CreateString(value);
    return Table(builder, [&] {
      builder.AddOffset(Slot(0), key_text);
      builder.AddOffset(Slot(1), value_text);
    });
  }

  static void AppendBuffer(std::string_view bytes, std::string& body, std::vector<BufferPlace>& buffers) {
    buffers.push_back({static_cast<int64_t>(body.size()), static_cast<int64_t>(bytes.size())});
    body.append(bytes);
    body.resize(Padded(body.size()), '\0');
  }

  static int64_t AppendValidity(const data::TextColumn& column, std::string& body,
                                std::vector<BufferPlace>& buffers) {
    std::string bits((column.rows() + 7) / 8, '\0');
    int64_t nulls = 0;
    for (size_t row = 0; row < column.rows(); ++row) {
      if (column.at(row).empty()) {
        ++nulls;
      } else {
        bits[row / 8] = static_cast<char>(bits[row / 8] | 1 << (row % 8));
      }
    }
    AppendBuffer(nulls == 0 ? std::string_view() : bits, body, buffers);
    return nulls;
  }

  const std::vector<std::string> columns_;
  const RowMetadata metadata_;
};

}  // namespace

std::unique_ptr<RowFormat> MakeArrowStream(const std::vector<std::string>& columns,
                                           const RowMetadata& metadata) {
  return std::make_unique<ArrowStream>(columns, metadata);
}

}  // namespace concordat::flows
