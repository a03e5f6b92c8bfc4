// What a file is that is sent as a workbook.
#include <algorithm>
#include <string>
#include <string_view>

#include "plugins/spreadsheet/document.h"
#include "plugins/spreadsheet/ods.h"
#include "plugins/spreadsheet/words.h"
#include "plugins/spreadsheet/xlsx.h"

namespace concordat::spreadsheet {
namespace {

using namespace std::string_view_literals;

constexpr size_t kHead = 4096;
constexpr size_t kCompound = 4 << 20;  // of an OLE file: its list of streams stands anywhere

Status No(const std::string& what) { return Status::SourceUnreadable(what); }

std::string ReadHead(packed::ByteSource& source, size_t size) {
  std::string bytes(size, '\0');
  const int64_t got = source.Read(0, bytes.data(), size);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

// Names within an OLE compound file are UTF-16.
Status SayCompound(packed::ByteSource& source) {
  const std::string bytes =
      ReadHead(source, static_cast<size_t>(std::min<uint64_t>(source.size(), kCompound)));
  const auto holds = [&](std::string_view name) { return bytes.find(name) != bytes.npos; };
  if (holds("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv)) {
    return No(
        "this workbook has a password: remove it (File, Info, Protect Workbook, Encrypt with Password, leave "
        "it "
        "empty) and send it again; its way to the host is encrypted all the same");
  }
  if (holds("W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"sv))
    return No("this is a Word document: save its table as .xlsx or CSV");
  return No(
      "this is an old Excel file (.xls), whatever its name says: save it as .xlsx (File, Save As, Excel "
      "Workbook)");
}

struct Known {
  std::string_view bytes;
  std::string_view what;
};
constexpr Known kKnown[] = {
    {"\x1F\x8B"sv, "a gzip file: the feed says that it is not to be unpacked (adapter: {unpack: none})"},
    {"\x28\xB5\x2F\xFD"sv,
     "a Zstandard file: the feed says that it is not to be unpacked (adapter: {unpack: none})"},
    {"%PDF-"sv, "a PDF document: send the workbook that it was made from"},
    {"\x09\x08"sv, "an old Excel file (.xls): save it as .xlsx (File, Save As, Excel Workbook)"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive: unpack it and send the workbook in it"},
    {"Rar!"sv, "a RAR archive: unpack it and send the workbook in it"},
    {"BZh"sv, "a bzip2 archive: unpack it and send the workbook in it"},
    {"\375"
     "7zXZ"sv,
     "an xz archive: unpack it and send the workbook in it"},
    {"SQLite format 3"sv, "an SQLite database: export its table as CSV, for the adapter delimited"},
    {"\x89PNG"sv, "a picture: send the workbook"},
    {"\xFF\xD8\xFF"sv, "a picture: send the workbook"},
    {"\177ELF"sv, "a program: send the workbook"},
    {"MZ"sv, "a program: send the workbook"},
    {"PAR1"sv, "a Parquet file: send a workbook or CSV"},
};

bool IsBinary(std::string_view head) {
  return std::count_if(head.begin(), head.end(), [](char c) { return c >= 0 && c < 9; }) >
         static_cast<std::ptrdiff_t>(head.size() / 50);
}

Status SayText(std::string_view head) {
  if (head.substr(0, 3) == "\xEF\xBB\xBF"sv) head.remove_prefix(3);
  const std::string text = Lower(Trimmed(head));
  const auto holds = [&](std::string_view part) { return text.find(part) != text.npos; };
  if (text.empty()) return No("the file is empty: save the workbook and send it again");
  if (holds("office:spreadsheet") && text[0] == '<')
    return No(
        "this is an Excel file in the XML form of 2003, whatever its name says: save it as .xlsx (File, Save "
        "As, Excel Workbook)");
  if (holds("opendocument") && text[0] == '<')
    return No("this is a flat OpenDocument file (.fods): save it as .ods or .xlsx");
  if (text[0] == '<' && (holds("<html") || holds("<table") || holds("<!doctype html")))
    return No(
        "this is a web page (HTML), whatever its name says: open it in Excel or LibreOffice and save it as "
        ".xlsx");
  if (text[0] == '<')
    return No(
        "this is an XML file, no workbook: let the feed read it with the adapter xml, or save it as .xlsx");
  if (text[0] == '{' || text.substr(0, 2) == "[{")
    return No("this is a JSON file, no workbook: let the feed read it with the adapter json");
  if (IsBinary(head) && head.substr(0, 2) != "\xFF\xFE"sv && head.substr(0, 2) != "\xFE\xFF"sv)
    return No("this is no workbook that is known here: save it as .xlsx (File, Save As, Excel Workbook)");
  return No(
      "this is plain text such as CSV, whatever its name says: let the feed read it with the adapter "
      "delimited, or save it as .xlsx");
}

Status OpenPackage(packed::ByteSource* source, const ReadOptions& options,
                   std::unique_ptr<Document>& document) {
  Package package;
  if (Status status = package.Open(source); !status.ok()) {
    if (status.code() != CONCORDAT_SOURCE_UNREADABLE) return status;
    return No("the workbook " + status.message());
  }
  if (package.Has("xl/workbook.bin"))
    return No("this is a binary Excel workbook (.xlsb): save it as .xlsx (File, Save As, Excel Workbook)");
  if (package.Has("EncryptedPackage")) return No("this workbook has a password: remove it and send it again");
  if (package.Has("xl/workbook.xml")) return OpenXlsx(std::move(package), options, document);
  if (package.Has("Index/Document.iwa"))
    return No("this is a Numbers spreadsheet: export it as Excel (.xlsx)");
  if (package.Has("word/document.xml")) return No("this is a Word document: save its table as .xlsx or CSV");
  if (package.Has("ppt/presentation.xml")) return No("this is a PowerPoint presentation: send the workbook");
  if (package.Has("content.xml") && package.Has("mimetype"))
    return OpenOds(std::move(package), options, document);
  if (package.Has("[Content_Types].xml")) return OpenXlsx(std::move(package), options, document);
  return No("this is a ZIP archive that is no workbook: send the workbook in it");
}

}  // namespace

Status OpenDocument(packed::ByteSource* source, const ReadOptions& options,
                    std::unique_ptr<Document>& document) {
  const std::string head = ReadHead(*source, kHead);
  if (packed::LooksLikeZip(head)) return OpenPackage(source, options, document);
  if (head.substr(0, 8) == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv) return SayCompound(*source);
  for (const Known& known : kKnown) {
    if (head.substr(0, known.bytes.size()) == known.bytes) return No("this is " + std::string(known.what));
  }
  return SayText(head);
}

}  // namespace concordat::spreadsheet
