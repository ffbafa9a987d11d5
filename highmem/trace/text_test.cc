#include "highmem/trace/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

Trace Parse(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text() << "\n" << text;
  return trace;
}

// Prints as it was written.
void ExpectCanonical(const std::string& text) {
  const Trace trace = Parse(text);
  EXPECT_EQ(PrintTrace(trace), text);
}

void ExpectPrintsAs(const std::string& text, const std::string& canonical) {
  EXPECT_EQ(PrintTrace(Parse(text)), canonical);
}

constexpr char kHead[] = "#hm 1\nprofile x86_tiny\npage A high\npage B low\n";

std::string Head() { return kHead; }

TEST(Text, EveryOp) {
  ExpectCanonical(Head() +
                  "task T1@0:\n"
                  "  a = kmap A\n"
                  "  kmap any(A,B)\n"
                  "  b = page_address B\n"
                  "  load a+0\n"
                  "  store a+31 255\n"
                  "  kunmap a\n"
                  "  kunmap B\n"
                  "  kmap_flush_unused\n"
                  "  yield\n"
                  "  irq_save\n"
                  "  irq_restore\n"
                  "  preempt_disable\n"
                  "  preempt_enable\n"
                  "  lock\n"
                  "  unlock\n"
                  "  fill 2\n"
                  "  rotate 3\n"
                  "  a = kmap A\n"
                  "  post a\n"
                  "task T2@1:\n"
                  "  a = take T1\n"
                  "task T3@1:\n"
                  "  check cursor==1\n"
                  "  loop\n"
                  "irq H4@1 x3:\n"
                  "  page_address A\n"
                  "task T5@0:\n");
}

TEST(Text, EveryOpOfLocalMaps) {
  ExpectCanonical(Head() +
                  "task T1@0:\n"
                  "  a = kmap_local_page A\n"
                  "  b = kmap_local_pfn any(A,B)\n"
                  "  kunmap_local b\n"
                  "  kunmap_local a+63\n"
                  "  kunmap_local A\n"
                  "  c = kmap_atomic A\n"
                  "  d = kmap_atomic_pfn B\n"
                  "  kmap_to_page d+31\n"
                  "  get_user\n"
                  "  kunmap_atomic d+1\n"
                  "  kunmap_atomic B\n"
                  "  local_bh_disable\n"
                  "  local_bh_enable\n"
                  "  fork T2\n"
                  "  exit_to_user\n"
                  "  local_irq_enable\n"
                  "  local_irq_disable\n"
                  "  set_page_address B\n"
                  "  cpu_down 1\n"
                  "  clear_warn_once\n"
                  "task T2@1:\n"
                  "softirq S3@0 x1:\n"
                  "nmi N4@1 x2:\n"
                  "fault F5@0 x65535:\n"
                  "  get_user\n");
}

TEST(Text, VariablesOfOthers) {
  ExpectCanonical(Head() +
                  "lane misuse\n"
                  "task T1@0:\n"
                  "  a = kmap A\n"
                  "  load H2.b+3 -> 9 quiet\n"
                  "  store H2.a+0 1\n"
                  "  kmap_to_page H2.a+0\n"
                  "irq H2@0 x2:\n"
                  "  a = kmap_local_page A\n"
                  "  b = kmap_atomic A\n"
                  "  iret\n"
                  "  kunmap_local T1.a\n"
                  "  kunmap_atomic T1.a+40\n");
}

TEST(Text, EveryExpectation) {
  ExpectCanonical(Head() +
                  "task T1@0:\n"
                  "  a = kmap A -> pkmap:1 | pkmap:2 | low count=2\n"
                  "  page_address A -> null\n"
                  "  load a+0 -> 9 | FAULT\n"
                  "  kunmap a -> ok cursor=3 SW=0 GF=1 CH=2 wakes=8\n"
                  "  kmap A -> blocks BUG:kmap_high_count | HANG\n"
                  "  yield -> WARN:kunmap_high_vaddr SPLAT:scheduling_while_atomic\n"
                  "  b = kmap_local_page B -> fix:4 | low idx=-2 mig=0\n"
                  "  kmap_to_page b+0 -> page:A | page:B | garbage TL=0\n"
                  "  yield -> SO=1 SI=2147483647 TL=2 invlpg:0 invlpg:4 idx=6\n");
}

TEST(Text, EveryCondition) {
  ExpectCanonical(Head() +
                  "task T1@0:\n"
                  "  check count(A)==2\n"
                  "  check slot(B)!=-1\n"
                  "  check cursor<3\n"
                  "  check CH<=4\n"
                  "  check GF>5\n"
                  "  check SW>=-2147483648\n"
                  "  check waiters==2147483647\n"
                  "  check byte(A,31)==9\n"
                  "  check idx(T1)==2\n"
                  "  check mig(T2)==0\n"
                  "  check pf(T1)>=1\n"
                  "  check preempt(T2)<256\n"
                  "  check pinned(1)==2\n"
                  "  check pte(1,4)==-2\n"
                  "  check pteval(T2,0)!=1\n"
                  "task T2@1:\n"
                  "forbid pteval(T2,4)==0\n"
                  "allow mig(T2)==1\n"
                  "final idx(T1)==0, pinned(0)==0\n");
}

TEST(Text, EveryDecision) {
  ExpectCanonical(Head() +
                  "task T1@0:\n"
                  "  kmap A\n"
                  "irq H2@1 x1:\n"
                  "schedule:\n"
                  "  start T1\n"
                  "  at T1.1 pte_set -> H2\n"
                  "  at T1.1 unlock+ -> T1\n"
                  "  at T1.1 lock#2 -> fill 1 pkmap:3\n"
                  "  at T1.1 unlock+#65535 -> evict 0 fix:1:4\n"
                  "  at T1.1 pick -> migrate T1 1\n"
                  "  after 0 -> ipi 1\n"
                  "  after 4294967295 -> T1\n");
}

TEST(Text, EverySchedule) {
  const std::string head = Head() + "task T1@0:\ntask T2@1:\n";
  ExpectCanonical(head + "schedule any\n");
  ExpectCanonical(head + "schedule all\n");
  ExpectCanonical(head + "schedule random 4294967295 seed 18446744073709551615\n");
  ExpectCanonical(head + "schedule order T1 T2*3 T1*4294967295\n");
  ExpectCanonical(head + "schedule order\n");
  ExpectPrintsAs(head + "schedule:\n", head);
  ExpectPrintsAs(head + "schedule order T1\nschedule order T2 T1*1\n",
                 head + "schedule order T1 T2 T1\n");
}

TEST(Text, LongOrdersWrap) {
  Trace t = Parse(Head() + "task T1@0:\n");
  t.schedule.kind = ScheduleKind::order;
  t.schedule.turns.assign(30, {0, 7});
  const std::string text = PrintTrace(t);
  EXPECT_NE(text.find("schedule order T1*7 T1*7"), std::string::npos);
  EXPECT_NE(text.find("\nschedule order", text.find("schedule order") + 1), std::string::npos);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 100u);
    begin = end + 1;
  }
  EXPECT_EQ(Parse(text), t);
}

TEST(Text, EveryVerdict) {
  ExpectCanonical(Head() +
                  "lane misuse\n"
                  "ignore WARN:kmap_might_sleep\n"
                  "ignore BUG:kmap_high_count\n"
                  "task T1@0:\n"
                  "schedule any\n"
                  "expect HANG\n"
                  "expect I14\n"
                  "expect BUG:kunmap_high_count\n"
                  "expect SPLAT:scheduling_while_atomic\n"
                  "forbid L1\n"
                  "forbid count(A)>2\n"
                  "allow D1\n"
                  "allow byte(B,0)==1\n"
                  "final cursor==1, slot(A)==-1\n"
                  "forbid X2\n"
                  "final GF==0\n");
  ExpectCanonical(Head() + "task T1@0:\nexpect pass\n");
}

TEST(Text, LongFinalsWrap) {
  std::string text = Head() + "task T1@0:\nfinal cursor==1";
  for (int i = 0; i < 20; i++) text += ", count(A)>=-2000000";
  const std::string printed = PrintTrace(Parse(text));
  EXPECT_NE(printed.find("\nfinal", printed.find("\nfinal") + 1), std::string::npos);
  EXPECT_EQ(Parse(printed), Parse(text));
}

TEST(Text, ProfilesPrintWhatDiffers) {
  ExpectCanonical("#hm 1\nprofile x86 cpus=1 smp=0\ntask T1@0:\n");
  ExpectPrintsAs("#hm 1\nprofile x86_tiny cpus=2 last_pkmap=0x8\ntask T1@0:\n",
                 "#hm 1\nprofile x86_tiny last_pkmap=8\ntask T1@0:\n");
}

TEST(Text, NamesOfOnesOwn) {
  const std::string text =
      "#hm 1\nprofile x86_tiny\npage B high\npage buffer low\ntask reader@0:\n  map = kmap B\n"
      "  b = kmap buffer\n  kunmap map\nirq disk@1 x1:\ntask low@1:\n  b = take reader\n"
      "schedule:\n  at reader.1 lock -> disk\n";
  ExpectCanonical(text);
  const Trace t = Parse(text);
  EXPECT_EQ(t.actors[0].vars, (std::vector<std::string>{"map", ""}));
  EXPECT_EQ(t.actors[2].vars, (std::vector<std::string>{"b"}));
}

TEST(Text, DefaultNamesParseBackToEmpty) {
  Trace t;
  t.pages.resize(12);
  t.actors.resize(2);
  t.actors[1].kind = ActorKind::irq;
  const std::string text = PrintTrace(t);
  EXPECT_NE(text.find("page L high"), std::string::npos);
  EXPECT_NE(text.find("irq H2@0 x1:"), std::string::npos);
  EXPECT_EQ(Parse(text), t);
}

TEST(Text, BlanksCommentsAndOtherSpellings) {
  ExpectPrintsAs(
      "#hm 1 \r\n"
      "\n"
      "# a comment\n"
      "profile x86_tiny # another\r\n"
      "   page A high#3\n"
      "page B low colour 0\n"
      "lane valid\n"
      "\ttask T1@0 :\n"
      "a=kmap A->pkmap:0x1|pkmap:2  # slot\n"
      "load a -> 0x10\n"
      "load a + 0x1f\n"
      "kmap any( B , A )\n"
      "check byte( A , 3 ) = -5\n"
      "irq H2@1:\n"
      "schedule :\n"
      "at T1 . 1 unlock+#1 -> T1 #1\n"
      "after 0x10 -> fill 1 0xff000063\n"
      "after 1 -> evict 0 0xfffbafe5\n"
      "final cursor = 1,GF>2",
      Head() +
          "task T1@0:\n"
          "  a = kmap A -> pkmap:1 | pkmap:2\n"
          "  load a+0 -> 16\n"
          "  load a+31\n"
          "  kmap any(A,B)\n"
          "  check byte(A,3)==-5\n"
          "irq H2@1 x1:\n"
          "schedule:\n"
          "  at T1.1 unlock+ -> T1\n"
          "  after 16 -> fill 1 pkmap:3\n"
          "  after 1 -> evict 0 fix:0:1\n"
          "final cursor==1, GF>2\n");
}

TEST(Text, AddressesOfBothWindowsToTheirEnds) {
  const std::string head = Head() + "task T1@0:\nschedule:\n";
  const auto where = [&head](const std::string& address) {
    return Parse(head + "after 1 -> fill 0 " + address + "\n").schedule.decisions[0].target.where;
  };
  EXPECT_EQ(where("0xff000000"), 0u);
  EXPECT_EQ(where("0xff00007f"), 3u);
  EXPECT_EQ(where("0xfffbb01f"), 4u);  // slot 0 of CPU 0, the highest page
  EXPECT_EQ(where("0xfffbb000"), 4u);
  EXPECT_EQ(where("0xfffbaee0"), 13u);  // slot 4 of CPU 1, the lowest
  EXPECT_EQ(where("fix:1:4"), 13u);
}

TEST(Text, PartsForReports) {
  const Trace t = Parse(Head() +
                        "irq H1@0 x2:\n"
                        "task T2@0:\n"
                        "  a = kmap any(A,B) -> low count=0\n"
                        "  store a+3 7\n"
                        "schedule:\n"
                        "  at T2.1 unlock+#2 -> H1\n"
                        "forbid byte(A,1)<3\n");
  EXPECT_EQ(PrintCall(t, 1, 0), "a = kmap any(A,B)");
  EXPECT_EQ(PrintOp(t, 1, 0), "a = kmap any(A,B) -> low count=0");
  EXPECT_EQ(PrintOp(t, 1, 1), "store a+3 7");
  EXPECT_EQ(PrintExpects(t, t.expects), "low count=0");
  EXPECT_EQ(PrintDecision(t, t.schedule.decisions[0]), "at T2.1 unlock+#2 -> H1");
  EXPECT_EQ(PrintVerdict(t, t.verdicts[0]), "forbid byte(A,1)<3");
  Decision d;
  d.target = {TargetKind::migrate, 1, 0, 0};
  EXPECT_EQ(PrintDecision(t, d), "after 0 -> migrate T2 0");
  d.target = {TargetKind::writeback, 0, 1, 5};
  EXPECT_EQ(PrintDecision(t, d), "after 0 -> writeback 1 5");
  EXPECT_EQ(PrintCond(t, t.verdicts[0].cond), "byte(A,1)<3");
  EXPECT_EQ(PrintDiagnosis({ExpectKind::warn, Site::kmap_high_count}), "WARN:kmap_high_count");
}

TEST(Text, RoundTripOfArbitraryTraces) {
  for (uint64_t seed = 0; seed < 500; seed++) {
    const Trace t = TraceGenerator(seed).Next();
    const std::string text = PrintTrace(t);
    Trace back;
    ParseError error;
    ASSERT_TRUE(ParseTrace(text, "test", &back, &error)) << seed << ": " << error.Text() << text;
    ASSERT_EQ(back, t) << seed << "\n" << text;
    ASSERT_EQ(PrintTrace(back), text);
  }
}

void Damage(std::string* text, std::mt19937_64& random) {
  if (text->empty()) return;
  const size_t at = random() % text->size();
  switch (random() % 4) {
    case 0: (*text)[at] = static_cast<char>(random()); break;
    case 1: text->erase(at, 1 + random() % 4); break;
    case 2: text->insert(at, text->substr(random() % text->size(), random() % 9)); break;
    default: text->resize(at + 1); break;
  }
}

bool LiesWithin(const ParseError& error, const std::string& text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  return error.line >= 1 && error.line <= lines && error.column >= 1 && !error.sentence.empty();
}

// True if it is a trace after all; then it is a sound one.
bool IsAccepted(const std::string& text) {
  Trace t;
  ParseError error;
  std::string sentence;
  if (!ParseTrace(text, "test", &t, &error)) {
    EXPECT_EQ(t, Trace());
    EXPECT_TRUE(LiesWithin(error, text)) << error.Text() << "\n" << text;
    return false;
  }
  EXPECT_TRUE(CheckTrace(t, &sentence)) << sentence << "\n" << text;
  EXPECT_EQ(Parse(PrintTrace(t)), t) << text;
  return true;
}

// Traces without what lies behind their first 600 letters.
std::vector<std::string> ShortTexts(size_t count) {
  std::vector<std::string> texts;
  for (uint64_t seed = 0; texts.size() < count; seed++) {
    std::string text = PrintTrace(TraceGenerator(seed).Next());
    text.resize(std::min<size_t>(text.size(), 600));
    Trace t;
    ParseError error;
    if (ParseTrace(text, "test", &t, &error)) texts.push_back(text);
  }
  return texts;
}

TEST(Text, DamagedTextsNeverCrash) {
  const std::vector<std::string> texts = ShortTexts(50);
  std::mt19937_64 random(7);
  int accepted = 0;
  for (uint64_t i = 0; i < 3000; i++) {
    std::string text = texts[i % texts.size()];
    for (uint64_t n = 1 + random() % 3; n > 0; n--) Damage(&text, random);
    accepted += IsAccepted(text);
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace highmem
