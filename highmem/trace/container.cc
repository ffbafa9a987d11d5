#include "highmem/trace/container.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <unordered_map>

#include "highmem/trace/words.h"

namespace highmem {
namespace {

// The payload is described once, by Layout below, for a Writer and a Reader alike.
class Writer {
 public:
  template <typename T>
  void Number(const T& value) {
    PutNumber(&body_, static_cast<uint64_t>(value), sizeof(T));
  }
  void Part(const char*) {}
  template <typename E>
  void Word(const E& value) {
    PutNumber(&body_, IndexOf(WordOf(value)), 4);
  }
  template <typename T>
  void Since(uint64_t, const T& value) {
    Number(value);
  }
  void String(const std::string& text) { PutNumber(&body_, IndexOf(text), 4); }
  template <typename List, typename Record>
  void Each(const char*, const List& list, Record record) {
    PutNumber(&body_, list.size(), 4);
    for (const auto& element : list) record(element);
  }
  void TheProfile(const Profile& p) {
    PutNumber(&body_, IndexOf(p.name), 4);
    const Profile named = *FindProfile(p.name);
    std::vector<const ProfileField*> changed;
    for (const ProfileField& f : ProfileFields())
      if (p.*f.member != named.*f.member) changed.push_back(&f);
    PutNumber(&body_, changed.size(), 4);
    for (const ProfileField* f : changed) {
      PutNumber(&body_, IndexOf(f->name), 4);
      PutNumber(&body_, static_cast<uint64_t>(p.*f->member), 4);
    }
  }

  // The words, then the records that number them.
  std::string Payload() const {
    std::string payload;
    PutNumber(&payload, words_.size(), 4);
    for (const std::string& word : words_) {
      PutNumber(&payload, word.size(), 1);
      payload += word;
    }
    return payload + body_;
  }

  static void PutNumber(std::string* bytes, uint64_t value, size_t size) {
    for (size_t i = 0; i < size; i++, value >>= 8) *bytes += static_cast<char>(value & 0xff);
  }

 private:
  uint64_t IndexOf(std::string_view word) {
    const auto [place, fresh] = index_.try_emplace(std::string(word), words_.size());
    if (fresh) words_.emplace_back(word);
    return place->second;
  }

  std::string body_;
  std::vector<std::string> words_;
  std::unordered_map<std::string, uint64_t> index_;
};

// Reads on with zeros after the first error.
class Reader {
 public:
  Reader(uint64_t version, std::string_view bytes, std::string* error)
      : version_(version), bytes_(bytes), error_(*error) {}

  bool ok() const { return ok_; }

  void Words() {
    const uint64_t count = TakeNumber(4);
    for (uint64_t i = 0; i < count && ok_; i++) {
      const uint64_t size = TakeNumber(1);
      if (size > bytes_.size()) {
        Fail(Concat("ends within word ", i));
        return;
      }
      words_.push_back(bytes_.substr(0, size));
      bytes_.remove_prefix(size);
    }
  }

  template <typename T>
  void Number(T& value) {
    const uint64_t number = TakeNumber(sizeof(T));
    if constexpr (std::is_same_v<T, bool>)
      if (number > 1) Fail(Concat("expected 0 or 1, found ", number));
    value = static_cast<T>(number);
  }
  template <typename E>
  void Word(E& value) {
    const std::string_view word = TakeWord();
    // The value past the last one has the empty word.
    if (word.empty())
      value = static_cast<E>(WordsOf<E>().size());
    else if (!FindWord(word, &value))
      Fail(Concat("unknown word ", Quote(word)));
  }
  // A number that containers before this version do not have.
  template <typename T>
  void Since(uint64_t version, T& value) {
    if (version_ >= version) Number(value);
  }
  void String(std::string& text) { text = TakeWord(); }
  template <typename List, typename Record>
  void Each(const char* what, List& list, Record record) {
    Part(what);
    const uint64_t count = TakeNumber(4);
    for (record_ = 0; record_ < count && ok_; record_++) {
      list.emplace_back();
      record(list.back());
    }
  }
  void TheProfile(Profile& p) {
    const std::string_view name = TakeWord();
    const Profile* named = FindProfile(name);
    if (named == nullptr) {
      Fail(Concat("unknown profile ", Quote(name)));
      return;
    }
    p = *named;
    const uint64_t fields = TakeNumber(4);
    for (uint64_t i = 0; i < fields && ok_; i++) {
      const std::string_view field = TakeWord();
      const auto value = static_cast<int32_t>(TakeNumber(4));
      const auto known = [field](const ProfileField& f) { return f.name == field; };
      std::string error;
      if (ok_ && std::ranges::none_of(ProfileFields(), known))
        Fail(Concat("unknown profile field ", Quote(field)));
      if (ok_ && !SetProfileField(&p, field, value, &error)) Fail(error);
    }
  }
  void Part(const char* what) {
    what_ = what;
    record_ = 0;
  }
  void End() {
    Part("end");
    if (!bytes_.empty()) Fail(Concat(bytes_.size(), " bytes too many"));
  }

 private:
  void Fail(const std::string& sentence) {
    if (ok_) error_ = Concat("damaged payload, ", what_, " record ", record_, ": ", sentence);
    ok_ = false;
    bytes_ = {};
  }
  uint64_t TakeNumber(size_t size) {
    if (bytes_.size() < size) {
      Fail("the payload ends here");
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
      value = value << 8 | static_cast<unsigned char>(bytes_[i - 1]);
    bytes_.remove_prefix(size);
    return value;
  }
  std::string_view TakeWord() {
    const uint64_t index = TakeNumber(4);
    if (index < words_.size()) return words_[index];
    Fail(Concat("expected a word below ", words_.size(), ", found number ", index));
    return {};
  }

  uint64_t version_;
  std::string_view bytes_;
  std::string& error_;
  bool ok_ = true;
  const char* what_ = "word";
  uint64_t record_ = 0;
  std::vector<std::string_view> words_;
};

// One record each. T is const for a Writer.
template <typename A, typename T>
void CondRecord(A& a, T& c) {
  a.Word(c.quantity);
  a.Word(c.compare);
  a.Since(2, c.who);
  a.Number(c.page);
  a.Number(c.offset);
  a.Number(c.value);
}
template <typename A, typename T>
void OpRecord(A& a, T& op) {
  a.Word(op.code);
  a.Number(op.actor);
  a.Number(op.expect_count);
  a.Number(op.var);
  a.Number(op.ref);
  a.Number(op.page);
  a.Number(op.offset);
  a.Number(op.any);
  a.Number(op.value);
  a.Number(op.expect_first);
}
template <typename A, typename T>
void DecisionRecord(A& a, T& d) {
  a.Word(d.kind);
  a.Number(d.actor);
  a.Word(d.prim);
  a.Number(d.behind);
  a.Number(d.op);
  a.Number(d.nth);
  a.Number(d.steps);
  a.Word(d.target.kind);
  a.Number(d.target.actor);
  a.Number(d.target.cpu);
  a.Number(d.target.where);
}
template <typename A, typename T>
void DiagnosisRecord(A& a, T& d) {
  a.Word(d.kind);
  a.Word(d.site);
}

template <typename A, typename T>
void ActorRecord(A& a, T& actor) {
  a.String(actor.name);
  a.Word(actor.kind);
  a.Number(actor.cpu);
  a.Number(actor.runs);
  a.Number(actor.first_op);
  a.Number(actor.op_count);
}

// An expectation's value is a site where its kind says so.
template <typename A, typename T>
void ExpectRecord(A& a, T& e) {
  a.Word(e.kind);
  a.Number(e.alternative);
  if (FormOf(e.kind) != ExpectForm::site) {
    a.Number(e.value);
    return;
  }
  auto site = static_cast<Site>(e.value);
  a.Word(site);
  if constexpr (!std::is_const_v<T>) e.value = static_cast<int32_t>(site);
}

template <typename A, typename T>
void Layout(A& a, T& t) {
  a.Part("profile");
  a.TheProfile(t.profile);
  a.Number(t.misuse);
  a.Each("page", t.pages, [&a](auto& page) {
    a.String(page.name);
    a.Number(page.high);
    a.Number(page.colour);
    a.Since(3, page.order);
  });
  a.Each("actor", t.actors, [&a](auto& actor) { ActorRecord(a, actor); });
  for (auto& actor : t.actors) a.Each("variable", actor.vars, [&a](auto& name) { a.String(name); });
  a.Each("op", t.ops, [&a](auto& op) { OpRecord(a, op); });
  a.Each("expectation", t.expects, [&a](auto& e) { ExpectRecord(a, e); });
  a.Each("condition", t.conds, [&a](auto& c) { CondRecord(a, c); });
  a.Part("schedule");
  a.Word(t.schedule.kind);
  a.Number(t.schedule.runs);
  a.Number(t.schedule.seed);
  a.Each("decision", t.schedule.decisions, [&a](auto& d) { DecisionRecord(a, d); });
  a.Each("turn", t.schedule.turns, [&a](auto& turn) {
    a.Number(turn.actor);
    a.Number(turn.ops);
  });
  a.Each("ignore", t.ignored, [&a](auto& d) { DiagnosisRecord(a, d); });
  a.Each("verdict", t.verdicts, [&a](auto& v) {
    a.Word(v.kind);
    a.Word(v.id);
    DiagnosisRecord(a, v.diagnosis);
    CondRecord(a, v.cond);
  });
}

uint64_t HeaderNumber(std::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i > 0; i--)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

uint64_t Checksum(std::string_view payload) { return XXH64(payload.data(), payload.size(), 0); }

// Empty if the header fits the payload behind it.
std::string WrongHeader(std::string_view bytes) {
  if (!bytes.starts_with(kContainerMagic))
    return Concat("expected the magic bytes '", kContainerMagic, "', found others");
  if (bytes.size() < kContainerHeader)
    return Concat("too short: expected a header of ", kContainerHeader, " bytes, found ",
                  bytes.size());
  const uint16_t version = ContainerVersionOf(bytes);
  if (version < 1 || version > kContainerVersion)
    return Concat("expected a version from 1 to ", kContainerVersion, ", found version ", version);
  const uint64_t length = HeaderNumber(bytes, 6, 4);
  const std::string_view payload = bytes.substr(kContainerHeader);
  if (length != payload.size())
    return Concat("length mismatch: expected a payload of ", length, " bytes, found ",
                  payload.size());
  if (HeaderNumber(bytes, 10, 8) != Checksum(payload))
    return "checksum mismatch: the payload is damaged";
  return {};
}

}  // namespace

std::string EncodeContainer(const Trace& trace) {
  Writer writer;
  Layout(writer, trace);
  const std::string payload = writer.Payload();
  std::string bytes(kContainerMagic);
  Writer::PutNumber(&bytes, kContainerVersion, 2);
  Writer::PutNumber(&bytes, payload.size(), 4);
  Writer::PutNumber(&bytes, Checksum(payload), 8);
  return bytes + payload;
}

uint16_t ContainerVersionOf(std::string_view bytes) {
  if (!bytes.starts_with(kContainerMagic) || bytes.size() < kContainerHeader) return 0;
  return static_cast<uint16_t>(HeaderNumber(bytes, 4, 2));
}

bool DecodeContainer(std::string_view bytes, Trace* out, std::string* error) {
  out->Clear();
  *error = WrongHeader(bytes);
  if (!error->empty()) return false;
  Reader reader(ContainerVersionOf(bytes), bytes.substr(kContainerHeader), error);
  reader.Words();
  Layout(reader, *out);
  if (reader.ok()) reader.End();
  if (reader.ok() && CheckTrace(*out, error)) return true;
  out->Clear();
  return false;
}

void FitContainerHeader(char* bytes, size_t size) {
  const std::string_view all(bytes, size);
  if (ContainerVersionOf(all) == 0) return;
  const std::string_view payload = all.substr(kContainerHeader);
  std::string numbers;
  Writer::PutNumber(&numbers, payload.size(), 4);
  Writer::PutNumber(&numbers, Checksum(payload), 8);
  std::ranges::copy(numbers, bytes + kContainerHeader - numbers.size());
}

}  // namespace highmem
