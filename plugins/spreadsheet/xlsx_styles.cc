#include <charconv>

#include "plugins/spreadsheet/cell_text.h"
#include "plugins/spreadsheet/xlsx.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kMostStyles = 1 << 17;
constexpr size_t kMostString = 1 << 20;

uint32_t Number(std::string_view text) {
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class StyleReader : public XmlHandler {
 public:
  explicit StyleReader(std::vector<NumberFormat>* formats) : formats_(formats) {}

  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element == "cellXfs") {
      in_cells_ = true;
    } else if (element == "numFmt" && custom_.size() < kMostStyles) {
      custom_[Number(attributes["numFmtId"])] = FormatOfCode(attributes["formatCode"]);
    } else if (element == "xf" && in_cells_ && formats_->size() < kMostStyles) {
      const uint32_t number = Number(attributes["numFmtId"]);
      const auto custom = custom_.find(number);
      formats_->push_back(custom == custom_.end() ? FormatOfNumber(number) : custom->second);
    }
  }
  void OnEnd(std::string_view element) override {
    if (element == "cellXfs") in_cells_ = false;
  }
  void OnText(std::string_view) override {}

 private:
  std::vector<NumberFormat>* formats_;
  std::map<uint32_t, NumberFormat> custom_;
  bool in_cells_ = false;
};

/// Rich text is the text of its runs; how a word is pronounced (rPh) is no text.
class StringReader : public XmlHandler {
 public:
  explicit StringReader(SharedStrings* strings) : strings_(strings) {}

  void OnStart(std::string_view element, const Attributes&) override {
    if (element == "si") text_.clear();
    if (element == "rPh") in_phonetic_ = true;
    if (element == "t") in_text_ = !in_phonetic_;
  }
  void OnEnd(std::string_view element) override {
    if (element == "t") in_text_ = false;
    if (element == "rPh") in_phonetic_ = false;
    if (element != "si") return;
    const bool escaped = text_.find("_x") != text_.npos;
    if (full_ || strings_->Add(escaped ? WithoutEscapes(text_) : text_)) return;
    full_ = true;
  }
  void OnText(std::string_view text) override {
    if (in_text_ && text_.size() + text.size() <= kMostString) text_ += text;
  }
  bool full() const { return full_; }

 private:
  SharedStrings* strings_;
  std::string text_;
  bool in_text_ = false;
  bool in_phonetic_ = false;
  bool full_ = false;
};

}  // namespace

bool SharedStrings::Add(std::string_view text) {
  if (bytes_.size() + text.size() > kMostBytes || ends_.size() >= kMostStrings) return false;
  bytes_ += text;
  ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  return true;
}

Status ReadStyles(const Package& package, std::string_view part, std::vector<NumberFormat>& formats) {
  StyleReader reader(&formats);
  return package.Parse(part, &reader);
}

Status ReadSharedStrings(const Package& package, std::string_view part, SharedStrings& strings) {
  StringReader reader(&strings);
  if (Status status = package.Parse(part, &reader); !status.ok()) return status;
  if (!reader.full()) return Status::Ok();
  return Status::SourceUnreadable("the workbook's texts take more than 768 MB: send it as CSV, or in parts");
}

}  // namespace concordat::spreadsheet
