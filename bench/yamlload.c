/* yamlload FILE: libyaml merely loading the document, to compare with. */
#include "lib/base/compat.h"

#include <yaml.h>

int
main(int argc, char **argv)
{
	yaml_document_t document;
	yaml_parser_t parser;
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	int loaded;

	if (f == NULL)
		return 2;
	if (!yaml_parser_initialize(&parser))
		return 1;
	yaml_parser_set_input_file(&parser, f);
	loaded = yaml_parser_load(&parser, &document);
	if (loaded)
		yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	fclose(f);
	return !loaded;
}
