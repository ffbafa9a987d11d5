#include "highmem/tool/commands.h"

int main(int argc, char** argv) { return highmem::HmMain(argc, argv); }
