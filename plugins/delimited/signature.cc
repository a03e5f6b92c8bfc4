#include "plugins/delimited/signature.h"

#include <algorithm>
#include <string_view>

#include "plugins/delimited/encoding.h"

namespace concordat::delimited {
namespace {

using namespace std::string_view_literals;

constexpr size_t kHead = 4096;
constexpr size_t kTail = 65536;  // a zip's list of contents stands at its end

constexpr std::string_view kSaveAsCsv = ": save it as CSV UTF-8";
constexpr std::string_view kExportAsCsv = ": export its table as CSV UTF-8";
constexpr std::string_view kOrSpreadsheet =
    ": save it as CSV UTF-8, or have the feed read it with the adapter spreadsheet";
constexpr std::string_view kOrXml = ": save it as CSV UTF-8, or have the feed read it with the adapter xml";
constexpr std::string_view kOrJson = ": save it as CSV UTF-8, or have the feed read it with the adapter json";
constexpr std::string_view kUnpack = ": unpack it and send the CSV file in it";

struct Signature {
  std::string_view bytes;
  size_t at;
  std::string_view what;
  std::string_view mend;
};

// From the formats' own descriptions; the order matters where one begins like another.
constexpr Signature kSignatures[] = {
    {"\x09\x08\x10\x00\x00\x06"sv, 0, "an old Excel file (.xls)", kSaveAsCsv},
    {"\x09\x08\x08\x00"sv, 0, "an old Excel file (.xls)", kSaveAsCsv},
    {"%PDF-"sv, 0, "a PDF document", kExportAsCsv},
    {"\x1F\x8B"sv, 0, "a gzip archive", kUnpack},
    {"1AY&SY"sv, 4, "a bzip2 archive", kUnpack},
    {"\3757zXZ\x00"sv, 0, "an xz archive", kUnpack},
    {"\x28\xB5\x2F\xFD"sv, 0, "a Zstandard archive", kUnpack},
    {"7z\xBC\xAF\x27\x1C"sv, 0, "a 7-Zip archive", kUnpack},
    {"Rar!\x1A\x07"sv, 0, "a RAR archive", kUnpack},
    {"ustar\x00"sv, 257, "a tar archive", kUnpack},
    {"ustar  "sv, 257, "a tar archive", kUnpack},
    {"\x89PNG\r\n\x1A\n"sv, 0, "a picture (PNG)", kExportAsCsv},
    {"\xFF\xD8\xFF"sv, 0, "a picture (JPEG)", kExportAsCsv},
    {"GIF87a"sv, 0, "a picture (GIF)", kExportAsCsv},
    {"GIF89a"sv, 0, "a picture (GIF)", kExportAsCsv},
    {"II*\x00"sv, 0, "a picture (TIFF)", kExportAsCsv},
    {"MM\x00*"sv, 0, "a picture (TIFF)", kExportAsCsv},
    {"SQLite format 3\x00"sv, 0, "an SQLite database", kExportAsCsv},
    {"\x00\x01\x00\x00Standard "sv, 0, "an Access database", kExportAsCsv},
    {"PAR1\x15"sv, 0, "a Parquet file", kExportAsCsv},
    {"ARROW1\x00\x00"sv, 0, "an Arrow file", kExportAsCsv},
    {"{\\rtf"sv, 0, "a rich text document", kExportAsCsv},
    {"-----BEGIN PGP MESSAGE"sv, 0, "an encrypted message", ": decrypt it and send the CSV file in it"},
    {"\177ELF"sv, 0, "a program", ": send the CSV file"},
    {"\xFF\xFE\x00\x00"sv, 0, "a text file in UTF-32", kSaveAsCsv},
    {"\x00\x00\xFE\xFF"sv, 0, "a text file in UTF-32", kSaveAsCsv},
};

bool Holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string Say(std::string_view what, std::string_view mend) {
  return "this is " + std::string(what) + std::string(mend);
}

std::string ReadAt(Source& source, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  const int64_t got = source.Read(offset, bytes.data(), size);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

std::string SayZip(Source& source, std::string_view head) {
  const uint64_t size = source.size();
  const std::string tail = ReadAt(source, size > kTail ? size - kTail : 0, kTail);
  const auto lists = [&](std::string_view name) { return Holds(tail, name) || Holds(head, name); };
  if (lists("xl/workbook"sv)) return Say("an Excel file", kOrSpreadsheet);
  if (Holds(head, "opendocument.spreadsheet"sv))
    return Say("an OpenDocument spreadsheet (.ods)", kOrSpreadsheet);
  if (lists("Index/Document.iwa"sv)) return Say("a Numbers spreadsheet", kSaveAsCsv);
  if (lists("word/document"sv)) return Say("a Word document", kExportAsCsv);
  if (lists("ppt/presentation"sv)) return Say("a PowerPoint presentation", kExportAsCsv);
  return Say("a ZIP archive", kUnpack);
}

// OLE compound files name their streams in UTF-16.
std::string SayCompound(Source& source) {
  const std::string bytes =
      ReadAt(source, 0, static_cast<size_t>(std::min<uint64_t>(source.size(), 8u << 20)));
  const bool book = Holds(bytes, "W\0o\0r\0k\0b\0o\0o\0k\0"sv) || Holds(bytes, "B\0o\0o\0k\0\0"sv);
  if (book) return Say("an old Excel file (.xls)", kSaveAsCsv);
  if (Holds(bytes, "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv)) {
    return Say("an Excel or Word file with a password", ": remove the password and save it as CSV UTF-8");
  }
  if (Holds(bytes, "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"sv)) return Say("a Word document", kExportAsCsv);
  return Say("a Microsoft Office file", kSaveAsCsv);
}

std::string LowerHead(std::string_view head) {
  std::string lower;
  for (const char c : head) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

std::optional<std::string> SayMarkup(std::string_view text) {
  const std::string lower = LowerHead(text);
  for (const std::string_view tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<table"sv}) {
    if (lower.compare(0, tag.size(), tag) == 0) return Say("a web page (HTML)", kSaveAsCsv);
  }
  const bool named = lower.size() > 1 && lower[1] >= 'a' && lower[1] <= 'z';
  const bool document =
      lower.compare(0, 5, "<?xml") == 0 || (named && (Holds(lower, "</") || Holds(lower, "/>")));
  if (!document) return std::nullopt;
  if (Holds(lower, "office:spreadsheet")) return Say("an Excel file (XML)", kSaveAsCsv);
  if (Holds(lower, "<html")) return Say("a web page (HTML)", kSaveAsCsv);
  return Say("an XML file", kOrXml);
}

bool IsJson(std::string_view text) {
  const size_t second = text.find_first_not_of(" \t\r\n", 1);
  if (second == std::string_view::npos) return false;
  const char next = text[second];
  if (text[0] == '{') return next == '"' || next == '}';
  return next == '{' || next == '[' || next == '"' || next == ']';
}

// Text has no control characters to speak of; NUL is counted apart, because damaged text has some.
bool IsBinary(std::string_view head) {
  Encoding ignored;
  if (head.size() < 32 || FindByteOrderMark(head).size > 0 || LooksLikeUtf16(head, ignored)) return false;
  const auto control = std::count_if(head.begin(), head.end(), [](char c) {
    return (c >= 0 && c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 127;
  });
  return 4 * static_cast<size_t>(control) > head.size();
}

}  // namespace

std::optional<std::string> ForeignFormat(Source& source) {
  const std::string bytes = ReadAt(source, 0, kHead);
  const std::string_view head = bytes;
  if (head.substr(0, 4) == "PK\x03\x04"sv || head.substr(0, 4) == "PK\x05\x06"sv) return SayZip(source, head);
  if (head.substr(0, 8) == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv) return SayCompound(source);
  for (const Signature& signature : kSignatures) {
    if (head.size() > signature.at && head.substr(signature.at, signature.bytes.size()) == signature.bytes) {
      return Say(signature.what, signature.mend);
    }
  }
  std::string_view text = head.substr(FindByteOrderMark(head).size);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (!text.empty() && text[0] == '<') {
    if (auto message = SayMarkup(text)) return message;
  }
  if (!text.empty() && (text[0] == '{' || text[0] == '[') && IsJson(text)) return Say("a JSON file", kOrJson);
  if (IsBinary(head)) return Say("a binary file, not text", kExportAsCsv);
  return std::nullopt;
}

}  // namespace concordat::delimited
