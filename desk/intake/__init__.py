"""Takes an article in: a file or a pasted text becomes clean paragraphs that a curator corrects before they are stored.

`files` looks at what was handed in and has it read in a process of its own (`worker`, with `html_files` and `docx_files`);
`characters` makes the text storable, `lines` joins what was wrapped, `cut` proposes what each paragraph is, `guesses` what title,
date and language are, and `known_texts` finds the same article among the sources.
"""
