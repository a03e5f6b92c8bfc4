#include "host/worker/adapter.h"

#include <cstring>

#include "fmt/format.h"
#include "host/worker/shown_text.h"

namespace concordat::worker {
namespace {

constexpr size_t kMessageBytes = 960;

concordat_error NoError() {
  concordat_error error = {};
  error.struct_size = sizeof error;
  return error;
}

absl::Status StatusOf(int32_t code, std::string_view message, std::string_view verb) {
  const std::string text = ShownText(message, kMessageBytes);
  if (code == CONCORDAT_OK) return absl::OkStatus();
  if (code == CONCORDAT_SOURCE_UNREADABLE) {
    return absl::InvalidArgumentError(text.empty() ? "the file cannot be read; its adapter does not say why"
                                                   : text);
  }
  return absl::AbortedError(
      fmt::format("{} failed: {}", verb, text.empty() ? fmt::format("code {}", code) : text));
}

absl::Status StatusOf(int32_t code, const concordat_error& error, std::string_view verb) {
  return StatusOf(code, std::string_view(error.message, strnlen(error.message, sizeof error.message)), verb);
}

}  // namespace

absl::StatusOr<ArrowOwner<ArrowSchema>> BatchStream::Schema() {
  if (stream_->get_schema == nullptr || stream_->get_next == nullptr) {
    return absl::AbortedError("submit gave a stream without get_schema or get_next");
  }
  ArrowOwner<ArrowSchema> schema;
  const int code = stream_->get_schema(stream_.get(), schema.get());
  if (code != 0) return Failure(code, "submit (get_schema)");
  if (schema.released()) return absl::AbortedError("submit gave a schema that was released already");
  return schema;
}

absl::StatusOr<ArrowOwner<ArrowArray>> BatchStream::Next() {
  ArrowOwner<ArrowArray> array;
  const int code = stream_->get_next(stream_.get(), array.get());
  if (code != 0) return Failure(code, "submit (get_next)");
  return array;
}

absl::Status BatchStream::Failure(int code, std::string_view verb) {
  const char* message = stream_->get_last_error == nullptr ? nullptr : stream_->get_last_error(stream_.get());
  return StatusOf(code, message == nullptr ? "" : std::string_view(message), verb);
}

absl::StatusOr<std::unique_ptr<Adapter>> Adapter::Create(concordat_adapter_init_function init,
                                                         HostTable& host,
                                                         const std::vector<uint32_t>& versions) {
  for (const uint32_t version : versions) {
    std::unique_ptr<Adapter> adapter(new Adapter());
    concordat_adapter& table = adapter->table_;
    table.struct_size = sizeof table;
    concordat_error error = NoError();
    const int32_t code = init(version, host.Table(version), &table, &error);
    if (code == CONCORDAT_ABI_UNSUPPORTED) {
      table = {};  // whatever it began to fill in is not to be called
      continue;
    }
    RETURN_IF_ERROR(StatusOf(code, error, CONCORDAT_ADAPTER_INIT));
    if (table.abi != version) {
      return absl::AbortedError(fmt::format(
          "it says that it speaks version {} of the adapter ABI when {} was offered", table.abi, version));
    }
    if (table.submit == nullptr)
      return absl::AbortedError("it does not have the function that is required: submit");
    return adapter;
  }
  return absl::AbortedError(
      fmt::format("it does not speak version {} of the adapter ABI, nor an older one that is "
                  "known here: build it against a newer plugins/sdk",
                  versions.front()));
}

Adapter::~Adapter() {
  if (table_.release != nullptr) table_.release(&table_);
}

absl::StatusOr<BatchStream> Adapter::Submit() {
  ArrowOwner<ArrowArrayStream> stream;
  concordat_error error = NoError();
  RETURN_IF_ERROR(StatusOf(table_.submit(&table_, stream.get(), &error), error, "submit"));
  if (stream.released()) return absl::AbortedError("submit gave no stream");
  return BatchStream(std::move(stream));
}

absl::Status Adapter::Validate(const ArrowSchema& schema, const ArrowArray& batch,
                               const std::vector<uint64_t>& records) {
  concordat_error error = NoError();
  return StatusOf(table_.validate(&table_, &schema, &batch, records.data(), &error), error, "validate");
}

absl::Status Adapter::Score() {
  concordat_error error = NoError();
  return StatusOf(table_.score(&table_, &error), error, "score");
}

}  // namespace concordat::worker
