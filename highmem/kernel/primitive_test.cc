#include "highmem/kernel/primitive.h"

#include <gtest/gtest.h>

#include "highmem/kernel/context.h"

namespace highmem {
namespace {

TEST(Primitives, NamesAreUniqueAndFoundAgain) {
  for (int i = 1; i < static_cast<int>(PrimKind::kCount); i++) {
    const auto kind = static_cast<PrimKind>(i);
    EXPECT_EQ(FindPrim(Info(kind).name), kind) << Info(kind).name;
    EXPECT_FALSE(Info(kind).meaning.empty());
  }
  EXPECT_EQ(FindPrim("hyperspace"), PrimKind::kCount);
}

TEST(Primitives, WhatOpensAWindowSuspendsBehindItsEffect) {
  for (const char* name :
       {"unlock", "preempt_enable", "irq_restore", "wake_up", "ipi_wait", "switch_to"})
    EXPECT_TRUE(Info(FindPrim(name)).after) << name;
  for (const char* name : {"lock", "irq_save", "preempt_disable", "pte_set", "load"})
    EXPECT_FALSE(Info(FindPrim(name)).after) << name;
}

TEST(Sites, NamesAreUniqueAndFoundAgain) {
  for (int i = 0; i < static_cast<int>(Site::kCount); i++)
    EXPECT_EQ(FindSite(SiteName(static_cast<Site>(i))), static_cast<Site>(i));
  EXPECT_EQ(FindSite("nowhere"), Site::kCount);
}

}  // namespace
}  // namespace highmem
