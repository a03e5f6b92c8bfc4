#include "plugins/spreadsheet/xml_parser.h"

#include <expat.h>

#include <exception>

namespace concordat::spreadsheet {
namespace {

constexpr int kPiece = 64 << 10;
constexpr size_t kMostDepth = 200;
constexpr uint64_t kMostSilence = 8 << 20;  // bytes of one tag: expat keeps them all

std::string_view WithoutPrefix(std::string_view name) { return name.substr(name.find(':') + 1); }

}  // namespace

std::string_view Attributes::operator[](std::string_view name) const {
  for (const char** at = pairs_; *at != nullptr; at += 2) {
    if (WithoutPrefix(at[0]) == name) return at[1];
  }
  return {};
}

bool Attributes::Has(std::string_view name) const {
  for (const char** at = pairs_; *at != nullptr; at += 2) {
    if (WithoutPrefix(at[0]) == name) return true;
  }
  return false;
}

std::string_view Attributes::Prefixed(std::string_view name) const {
  for (const char** at = pairs_; *at != nullptr; at += 2) {
    const std::string_view whole = at[0];
    if (whole.size() > name.size() && WithoutPrefix(whole) == name) return at[1];
  }
  return {};
}

// Expat is C: nothing may be thrown through it.
struct XmlParser::Calls {
  template <typename Work>
  static void Guard(void* data, Work&& work) noexcept {
    XmlParser& parser = *static_cast<XmlParser*>(data);
    parser.silent_bytes_ = 0;
    if (parser.stopped_) return;
    try {
      work(parser);
    } catch (const std::exception& thrown) {
      parser.Stop(thrown.what());
    }
  }
  static void Start(void* data, const char* element, const char** attributes) {
    Guard(data, [&](XmlParser& parser) {
      if (++parser.depth_ > kMostDepth) return parser.Stop("its elements are nested too deep");
      parser.handler_->OnStart(WithoutPrefix(element), Attributes(attributes));
    });
  }
  static void End(void* data, const char* element) {
    Guard(data, [&](XmlParser& parser) {
      --parser.depth_;
      parser.handler_->OnEnd(WithoutPrefix(element));
    });
  }
  static void Text(void* data, const char* text, int size) {
    Guard(data, [&](XmlParser& parser) { parser.handler_->OnText({text, static_cast<size_t>(size)}); });
  }
  static void DocumentType(void* data, const char*, const char*, const char*, int) {
    Guard(data,
          [](XmlParser& parser) { parser.Stop("it declares a document type, which no workbook does"); });
  }
};

XmlParser::XmlParser(std::unique_ptr<packed::ByteStream> stream, std::string name, XmlHandler* handler)
    : stream_(std::move(stream)),
      name_(std::move(name)),
      handler_(handler),
      parser_(XML_ParserCreate(nullptr)) {
  if (parser_ == nullptr) throw std::bad_alloc();
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(parser_, &Calls::Start, &Calls::End);
  XML_SetCharacterDataHandler(parser_, &Calls::Text);
  XML_SetStartDoctypeDeclHandler(parser_, &Calls::DocumentType);
}

XmlParser::~XmlParser() { XML_ParserFree(parser_); }

void XmlParser::Stop(std::string why) {
  stopped_ = true;
  stopped_because_ = std::move(why);
  XML_StopParser(parser_, XML_FALSE);
}

sdk::Status XmlParser::Damaged(const std::string& how) const {
  return sdk::Status::SourceUnreadable("the workbook is damaged in " + name_ + " (" + how +
                                       "): open it in Excel or LibreOffice, save it and send it again");
}

sdk::Status XmlParser::Step(bool& more) {
  more = false;
  if (stopped_) return sdk::Status::Ok();
  void* const buffer = XML_GetBuffer(parser_, kPiece);
  if (buffer == nullptr) return sdk::Status::Failed("out of memory");
  const int64_t got = stream_->Read(static_cast<char*>(buffer), kPiece);
  if (got < 0) return stream_->status();
  silent_bytes_ += static_cast<uint64_t>(got);
  const bool ok = XML_ParseBuffer(parser_, static_cast<int>(got), got == 0) == XML_STATUS_OK;
  if (stopped_) return stopped_because_.empty() ? sdk::Status::Ok() : Damaged(stopped_because_);
  if (!ok) {
    return Damaged(std::string(XML_ErrorString(XML_GetErrorCode(parser_))) + " on its line " +
                   std::to_string(XML_GetCurrentLineNumber(parser_)));
  }
  if (silent_bytes_ > kMostSilence) return Damaged("one of its tags is longer than 8 MB");
  more = got > 0;
  return sdk::Status::Ok();
}

sdk::Status XmlParser::Run() {
  for (bool more = true; more;) {
    if (sdk::Status status = Step(more); !status.ok()) return status;
  }
  return sdk::Status::Ok();
}

}  // namespace concordat::spreadsheet
