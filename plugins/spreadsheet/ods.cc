#include "plugins/spreadsheet/ods.h"

#include <set>

namespace concordat::spreadsheet {
namespace {

constexpr char kContent[] = "content.xml";
constexpr size_t kMostSheets = 10'000;

/// The names of the sheets, and which are hidden.
class TableLister : public XmlHandler {
 public:
  explicit TableLister(std::vector<Sheet>* sheets) : sheets_(sheets) {}

  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element == "style" && attributes["family"] == "table") style_ = attributes["name"];
    if (element == "table-properties" && attributes["display"] == "false") hidden_.insert(style_);
    if (element != "table" || depth_++ > 0 || sheets_->size() >= kMostSheets) return;
    Sheet sheet;
    sheet.name = attributes["name"];
    sheet.number = sheets_->size();
    sheet.part = kContent;
    sheet.hidden = hidden_.count(std::string(attributes["style-name"])) > 0;
    sheets_->push_back(std::move(sheet));
  }
  void OnEnd(std::string_view element) override {
    if (element == "table") --depth_;
  }
  void OnText(std::string_view) override {}

 private:
  std::vector<Sheet>* sheets_;
  std::string style_;
  std::set<std::string> hidden_;
  size_t depth_ = 0;
};

class EncryptionFinder : public XmlHandler {
 public:
  void OnStart(std::string_view element, const Attributes&) override {
    found_ = found_ || element == "encryption-data";
  }
  void OnEnd(std::string_view) override {}
  void OnText(std::string_view) override {}
  bool found() const { return found_; }

 private:
  bool found_ = false;
};

class OdsDocument : public Document {
 public:
  OdsDocument(Package package, const ReadOptions& options)
      : package_(std::move(package)), options_(options) {}

  Status Open() {
    if (package_.Has("META-INF/manifest.xml")) {
      EncryptionFinder finder;
      if (Status status = package_.Parse("META-INF/manifest.xml", &finder); !status.ok()) return status;
      if (finder.found())
        return Status::SourceUnreadable(
            "this workbook has a password: remove it (File, Save As, without \"Save with password\") and "
            "send it again");
    }
    TableLister lister(&sheets_);
    return package_.Parse(kContent, &lister);
  }

  const std::vector<Sheet>& sheets() const override { return sheets_; }

  Status OpenSheet(const Sheet& sheet, std::unique_ptr<SheetReader>& reader) override {
    std::unique_ptr<packed::ByteStream> stream;
    if (Status status = package_.Stream(kContent, stream); !status.ok()) return status;
    reader = ReadOdsSheet(std::move(stream), sheet, options_);
    return Status::Ok();
  }

 private:
  const Package package_;
  const ReadOptions options_;
  std::vector<Sheet> sheets_;
};

}  // namespace

Status OpenOds(Package package, const ReadOptions& options, std::unique_ptr<Document>& document) {
  auto ods = std::make_unique<OdsDocument>(std::move(package), options);
  if (Status status = ods->Open(); !status.ok()) return status;
  document = std::move(ods);
  return Status::Ok();
}

}  // namespace concordat::spreadsheet
