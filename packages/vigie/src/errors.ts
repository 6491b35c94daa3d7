/**
 * The one catalogue of errors: code, what kind of "no" it is, what to do next, and who must act.
 *
 * Nothing here knows HTTP statuses or exit codes: `http/errors.ts` and `cli/output.ts` map the kinds. Match errors by
 * `code`, never by `instanceof`: they travel through Postgres and worker threads as plain data.
 */

/**
 * - `rejected`: the data or the candidate is refused, the answer is no
 * - `usage`: the caller asked for something that makes no sense
 * - `not_found`, `conflict`: it does not exist, or something else got there first
 * - `integrity`: bytes are not what they were when they were stored
 * - `limit`: too large, too many, too deep
 * - `temporary`: the same call may succeed later
 * - `internal`: a fault of this program
 */
export type ErrorKind =
  | 'rejected'
  | 'usage'
  | 'not_found'
  | 'conflict'
  | 'integrity'
  | 'limit'
  | 'temporary'
  | 'internal'

export type WhoMustAct = 'data supplier' | 'caller' | 'owner of the definition' | 'operator' | 'developer of Vigie'

interface Entry {
  readonly kind: ErrorKind
  readonly hint: string
  readonly who: WhoMustAct
}

export const catalogue = {
  // definition
  definition_invalid: {
    kind: 'usage',
    hint: 'Correct the named place in vigie.config.ts and run `vigie check`.',
    who: 'owner of the definition',
  },
  as_of_invalid: { kind: 'usage', hint: 'Write a date of the calendar as YYYY-MM-DD.', who: 'caller' },
  as_of_not_month_end: {
    kind: 'usage',
    hint: 'Give the as_of of the delivery: monthly snapshots are true at a month end.',
    who: 'caller',
  },
  as_of_before_first: {
    kind: 'usage',
    hint: 'Give the date of the delivery, or set snapshots.first in the definition to an earlier month end.',
    who: 'caller',
  },

  // delivered files: bytes
  file_missing: {
    kind: 'rejected',
    hint: 'Deliver the named file in the same folder and ingest it again.',
    who: 'data supplier',
  },
  not_a_regular_file: {
    kind: 'integrity',
    hint: 'Deliver an ordinary file: no link, folder, pipe or device.',
    who: 'data supplier',
  },
  unreadable_file: {
    kind: 'temporary',
    hint: 'Make the file readable for this user and run the same command again.',
    who: 'operator',
  },
  file_changed: {
    kind: 'temporary',
    hint: 'Wait until the delivery is complete and run the same command again.',
    who: 'operator',
  },
  encoding_utf16: { kind: 'rejected', hint: 'Convert the file to UTF-8.', who: 'data supplier' },
  encoding_invalid: {
    kind: 'rejected',
    hint: 'Convert the file to UTF-8; the named byte begins no valid character.',
    who: 'data supplier',
  },
  nul_byte: { kind: 'rejected', hint: 'Remove the NUL byte from the named line.', who: 'data supplier' },
  mixed_newlines: { kind: 'rejected', hint: 'Use LF or CRLF throughout the file.', who: 'data supplier' },
  empty_file: { kind: 'rejected', hint: 'Deliver the file with its header and rows.', who: 'data supplier' },

  // delivered files: forms, manifest, archives
  ambiguous_file: {
    kind: 'rejected',
    hint: 'Deliver each source once: as .csv, as .csv.gz or as .parquet.',
    who: 'data supplier',
  },
  archive_unsupported: {
    kind: 'rejected',
    hint: 'Deliver the files themselves, as .csv, .csv.gz or .parquet.',
    who: 'data supplier',
  },
  content_mismatch: {
    kind: 'rejected',
    hint: 'Deliver what the ending of the name says. A page in place of data is often an error of the sender.',
    who: 'data supplier',
  },
  archive_corrupt: {
    kind: 'rejected',
    hint: 'Deliver one whole gzip stream, with nothing behind it.',
    who: 'data supplier',
  },
  decompression_limit: {
    kind: 'limit',
    hint: 'Deliver the file uncompressed, or in parts; its text may be 100 times its size.',
    who: 'data supplier',
  },
  manifest_missing: {
    kind: 'rejected',
    hint: 'Deliver manifest.json with an entry for each file: the definition requires it.',
    who: 'data supplier',
  },
  manifest_invalid: {
    kind: 'rejected',
    hint: 'Write manifest.json as { "asOf": "2024-01-31", "files": { "users.csv": { "sha256", "bytes", "rows" } } }.',
    who: 'data supplier',
  },
  bad_name: { kind: 'integrity', hint: 'Name the files of the folder itself, without any path.', who: 'data supplier' },
  size_or_hash_mismatch: {
    kind: 'integrity',
    hint: 'The file is not the one that the manifest describes. Send it again.',
    who: 'data supplier',
  },
  row_count_mismatch: {
    kind: 'integrity',
    hint: 'Rows were lost on the way, or the manifest is of another file. Send both again.',
    who: 'data supplier',
  },

  // delivered files: Parquet
  parquet_type: {
    kind: 'rejected',
    hint: 'Write the column with a type that the definition accepts, or deliver it as CSV.',
    who: 'data supplier',
  },
  parquet_corrupt: {
    kind: 'rejected',
    hint: 'The file cannot be read as Parquet. Send it again.',
    who: 'data supplier',
  },
  parquet_unsupported: {
    kind: 'rejected',
    hint: 'Write the file unencrypted, with snappy, gzip, zstd or without compression.',
    who: 'data supplier',
  },
  parquet_limit: { kind: 'limit', hint: 'Write smaller row groups, or deliver the file as CSV.', who: 'data supplier' },

  // delivered files: structure
  no_rows: { kind: 'rejected', hint: 'Deliver the file with its rows.', who: 'data supplier' },
  header_missing: { kind: 'rejected', hint: 'The first line must hold the column names.', who: 'data supplier' },
  column_missing: {
    kind: 'rejected',
    hint: 'Deliver the column, or remove it from the definition.',
    who: 'data supplier',
  },
  column_unexpected: {
    kind: 'rejected',
    hint: 'List the column under `unused` in the definition, or remove it from the file.',
    who: 'data supplier',
  },
  column_invalid: {
    kind: 'rejected',
    hint: 'Column names are lower-case letters, digits and _, and begin with a letter.',
    who: 'data supplier',
  },
  duplicate_column: { kind: 'rejected', hint: 'Each column name may appear once in the header.', who: 'data supplier' },
  delimiter: { kind: 'rejected', hint: 'Separate the columns by commas.', who: 'data supplier' },
  ragged_row: {
    kind: 'rejected',
    hint: 'Each row needs as many fields as the header. Send the file again complete.',
    who: 'data supplier',
  },
  blank_row: { kind: 'rejected', hint: 'Remove the blank line.', who: 'data supplier' },
  repeated_header: {
    kind: 'rejected',
    hint: 'The header stands again inside the file: was it put together from two?',
    who: 'data supplier',
  },
  unclosed_quote: {
    kind: 'rejected',
    hint: 'Close the quote that opens on the named line; write a quote inside a field as "".',
    who: 'data supplier',
  },
  stray_quote: {
    kind: 'rejected',
    hint: 'Put the whole field in quotes, and write a quote inside it as "".',
    who: 'data supplier',
  },
  too_many_columns: { kind: 'limit', hint: 'At most 1,000 columns.', who: 'data supplier' },
  field_too_long: { kind: 'limit', hint: 'At most 64 KB a field and 256 characters a key.', who: 'data supplier' },

  // delivered files: values
  null_not_allowed: {
    kind: 'rejected',
    hint: 'Deliver a value, or declare the column as f.optional(...).',
    who: 'data supplier',
  },
  not_a_number: {
    kind: 'rejected',
    hint: 'Write numbers as 12 or 12.5: no thousands separators, no decimal comma, no padding.',
    who: 'data supplier',
  },
  not_an_integer: {
    kind: 'rejected',
    hint: 'Write a whole number such as 12, or declare the column as f.float().',
    who: 'data supplier',
  },
  not_a_boolean: {
    kind: 'rejected',
    hint: 'Use the true and false texts that the definition declares.',
    who: 'data supplier',
  },
  not_finite: {
    kind: 'rejected',
    hint: 'NaN and infinities are no values; deliver a null token if there is none.',
    who: 'data supplier',
  },
  out_of_range: { kind: 'rejected', hint: 'Correct the value, or the range in the definition.', who: 'data supplier' },
  category_unknown: {
    kind: 'rejected',
    hint: 'Correct the value, or add it to f.category(...) in the definition.',
    who: 'data supplier',
  },
  invalid_date: { kind: 'rejected', hint: 'Write a date of the calendar as YYYY-MM-DD.', who: 'data supplier' },
  zone_missing: {
    kind: 'rejected',
    hint: 'Write the offset behind each time (Z or +02:00), or declare the zone: f.timestamp({ zone }).',
    who: 'data supplier',
  },
  zone_ambiguous: {
    kind: 'rejected',
    hint: "Write the offset behind the time, or declare which one is meant: f.timestamp({ zone, overlap: 'earlier' }).",
    who: 'data supplier',
  },
  implausible_time: {
    kind: 'rejected',
    hint: 'Write instants as 2024-01-31T12:00:00Z in the years 1900 to 2200, not as seconds since 1970.',
    who: 'data supplier',
  },
  sentinel_value: {
    kind: 'rejected',
    hint: 'Deliver a null token where there is no value.',
    who: 'data supplier',
  },
  null_rate: {
    kind: 'rejected',
    hint: 'Deliver the missing values, or raise maxNullRate of f.optional(...) in the definition.',
    who: 'data supplier',
  },
  row_rule: {
    kind: 'rejected',
    hint: 'Correct the row, or the rule in the definition.',
    who: 'data supplier',
  },
  quarantine_cap: {
    kind: 'rejected',
    hint: 'Mend the rows that are named; more of them are broken than badRows allows to leave out.',
    who: 'data supplier',
  },
  control_character: { kind: 'rejected', hint: 'Keys may hold no control characters.', who: 'data supplier' },

  // contracts that come from data and from other tools
  no_entity_key: {
    kind: 'rejected',
    hint: 'Name the column with --key, or deliver one that every file has.',
    who: 'caller',
  },
  nothing_to_propose: {
    kind: 'rejected',
    hint: 'Give a folder with CSV files of one delivery: a header each, and a column that says what a row is about.',
    who: 'caller',
  },
  contract_invalid: {
    kind: 'rejected',
    hint: 'Give an Open Data Contract Standard 3 file (YAML or JSON) or a Great Expectations 1 suite (JSON).',
    who: 'caller',
  },
  file_exists: {
    kind: 'usage',
    hint: 'Name another file, or move this one away: nothing is overwritten.',
    who: 'caller',
  },

  // delivered files: gates over a whole file
  volume_gate: {
    kind: 'rejected',
    hint: 'Ask the supplier whether rows are missing or came twice. If all is right, ingest again with --approve volume_gate.',
    who: 'operator',
  },
  row_count: {
    kind: 'rejected',
    hint: 'Deliver all rows, or change gates({ rowCount }) in the definition.',
    who: 'data supplier',
  },
  unit_change: {
    kind: 'rejected',
    hint: 'Ask the supplier for the unit of the column. If the change is real, ingest again with --approve unit_change.',
    who: 'operator',
  },
  constant_column: {
    kind: 'rejected',
    hint: 'Ask the supplier for the values of the column. If they are right, ingest again with --approve constant_column.',
    who: 'operator',
  },
  sentinel_spike: {
    kind: 'rejected',
    hint: 'Ask the supplier what the value stands for. If it is a value, ingest again with --approve sentinel_spike.',
    who: 'operator',
  },
  columns_swapped: {
    kind: 'rejected',
    hint: 'Ask the supplier which column is which. If they are right, ingest again with --approve columns_swapped.',
    who: 'operator',
  },
  null_rate_jump: {
    kind: 'rejected',
    hint: 'Ask the supplier for the missing values. If there are none, ingest again with --approve null_rate_jump.',
    who: 'operator',
  },
  stale_data: {
    kind: 'rejected',
    hint: 'Ask the supplier for the newest rows. If there are none, ingest again with --approve stale_data.',
    who: 'operator',
  },

  confusable: {
    kind: 'rejected',
    hint: 'Two keys that look the same may be two entities. Look at the keys that are named, and approve them or have them mended.',
    who: 'data supplier',
  },

  // delivered files: keys and time
  duplicate_key: { kind: 'rejected', hint: 'Each key may appear once in a file.', who: 'data supplier' },
  duplicate_value: {
    kind: 'rejected',
    hint: 'Deliver each value of the column once, or declare it without f.unique(...).',
    who: 'data supplier',
  },
  duplicate_after_normalisation: {
    kind: 'rejected',
    hint: 'Two keys are the same text in Unicode NFC; deliver one.',
    who: 'data supplier',
  },
  user_unknown: {
    kind: 'not_found',
    hint: 'Ask for a key that is in the newest snapshot, or deliver it first.',
    who: 'caller',
  },
  entity_unknown: {
    kind: 'rejected',
    hint: 'Deliver the key in the file that lists all keys, or remove its rows.',
    who: 'data supplier',
  },
  future_time: { kind: 'rejected', hint: 'Snapshots of days that are not over cannot be ingested.', who: 'caller' },
  after_cutoff: {
    kind: 'rejected',
    hint: 'Deliver events of later days with a later as_of.',
    who: 'data supplier',
  },
  as_of_mismatch: {
    kind: 'rejected',
    hint: 'Ingest the delivery with the as_of that its rows carry, or deliver the rows of the right date.',
    who: 'data supplier',
  },
  already_ingested_differently: {
    kind: 'conflict',
    hint: 'If the new content corrects the old, ingest it again with --correction.',
    who: 'operator',
  },
  push_differs: {
    kind: 'conflict',
    hint: 'Push other rows under another id.',
    who: 'caller',
  },
  push_needs_events: {
    kind: 'rejected',
    hint: 'Deliver the rows with the next date, correct a date (vigie ingest --correction), or write them online only.',
    who: 'caller',
  },
  view_not_online: {
    kind: 'rejected',
    hint: 'Take the view out of the request, or set online: true for it in the definition.',
    who: 'caller',
  },
  feature_view_unknown: {
    kind: 'not_found',
    hint: 'See `vigie features list` for the views that there are.',
    who: 'caller',
  },
  feature_service_unknown: { kind: 'not_found', hint: 'GET /model says the name of the model.', who: 'caller' },
  feature_names_collide: { kind: 'usage', hint: "Set 'full_feature_names', or name each feature once.", who: 'caller' },
  push_source_unknown: {
    kind: 'not_found',
    hint: 'Name a feature view, or the file that it is delivered in.',
    who: 'caller',
  },
  snapshot_missing: {
    kind: 'not_found',
    hint: 'Ingest the date first: vigie ingest <dir> --as-of <date>.',
    who: 'operator',
  },
  table_corrupt: {
    kind: 'integrity',
    hint: 'The stored file no longer has its sha256. Restore it from a backup.',
    who: 'operator',
  },

  column_type_changed: {
    kind: 'conflict',
    hint: 'The table was stored while the definition declared the column otherwise. Ingest the history into a new VIGIE_HOME.',
    who: 'operator',
  },
  online_store_outdated: {
    kind: 'conflict',
    hint: 'The definition changed after the online store was written. Build it anew: vigie materialize.',
    who: 'operator',
  },

  quarantine_unknown: { kind: 'not_found', hint: 'See `vigie quarantine list` for what is kept.', who: 'caller' },
  // monitoring
  column_without_values: {
    kind: 'rejected',
    hint: 'Deliver values for the column, or take it out of the features of the model.',
    who: 'data supplier',
  },
  column_not_testable: {
    kind: 'rejected',
    hint: 'Ask for another test of this column.',
    who: 'caller',
  },
  score_not_finite: {
    kind: 'limit',
    hint: 'Scale the column down: distances of its values leave the range of float64.',
    who: 'data supplier',
  },

  // models and the gate
  no_champion: {
    kind: 'not_found',
    hint: 'Run the loop for the first snapshot: vigie run <dir> --as-of <date>.',
    who: 'operator',
  },
  feature_unknown: { kind: 'not_found', hint: 'See `vigie features list` for what there is.', who: 'caller' },
  version_unknown: { kind: 'not_found', hint: 'See `vigie versions` for what there is.', who: 'caller' },
  too_few_rows: {
    kind: 'rejected',
    hint: 'Wait for a date whose labels outside the holdout differ: of both classes, or of at least two.',
    who: 'operator',
  },
  sample_weight_invalid: {
    kind: 'rejected',
    hint: 'Correct the delivery, or derive a weight that is always there: ifNull(...), clip(...).',
    who: 'operator',
  },
  fit_not_converged: {
    kind: 'rejected',
    hint: 'Raise l2 or maxIterations of the trainer, or look for a feature of extreme values.',
    who: 'operator',
  },
  gap: {
    kind: 'rejected',
    hint: 'Ingest the missing dates, or say that nothing is missing: `vigie train --allow-gap`, or gaps: "allow" in the definition.',
    who: 'operator',
  },
  labels_immature: {
    kind: 'rejected',
    hint: 'Deliver the labels again when their horizon is over: `vigie ingest <dir> --as-of <date> --correction`.',
    who: 'data supplier',
  },
  training_set_unknown: {
    kind: 'not_found',
    hint: 'Only versions that were trained here since their training sets are kept can be rebuilt.',
    who: 'caller',
  },
  training_set_changed: {
    kind: 'integrity',
    hint: 'The stored history is not what the version was trained on. Restore it from a backup.',
    who: 'operator',
  },
  too_many_categories: {
    kind: 'rejected',
    hint: 'Trees read at most 64 categories a feature; group the rare ones.',
    who: 'owner of the definition',
  },
  too_many_rows: {
    kind: 'limit',
    hint: 'Train on fewer rows, or with a forest.',
    who: 'owner of the definition',
  },
  model_too_large: {
    kind: 'limit',
    hint: 'Train fewer trees, or with a larger minSamplesLeaf.',
    who: 'owner of the definition',
  },
  artefact_missing: {
    kind: 'integrity',
    hint: 'The artefact is not in the store. Restore it from a backup.',
    who: 'operator',
  },
  artefact_corrupt: {
    kind: 'integrity',
    hint: 'The artefact no longer has its sha256. Restore it from a backup.',
    who: 'operator',
  },
  artefact_invalid: { kind: 'integrity', hint: 'These bytes are no artefact of this format version.', who: 'operator' },
  feature_spec_mismatch: {
    kind: 'conflict',
    hint: 'The model was trained on other features than the definition has. Train again.',
    who: 'operator',
  },
  target_mismatch: {
    kind: 'conflict',
    hint: 'The model was trained on another label than the definition has. Give the new label a new model name and train.',
    who: 'operator',
  },
  champion_changed: { kind: 'conflict', hint: 'Somebody else moved the champion. Compare again.', who: 'operator' },
  nothing_to_roll_back: { kind: 'rejected', hint: 'There is no earlier champion.', who: 'operator' },
  parity_mismatch: {
    kind: 'rejected',
    hint: 'See what differs: vigie parity. Build the online store anew from the history: vigie materialize --full.',
    who: 'operator',
  },
  decision_unknown: { kind: 'not_found', hint: 'Compare the versions first: vigie compare.', who: 'caller' },
  label_unclear: {
    kind: 'usage',
    hint: 'Say what the labels are: --positive <label>, --classes a,b,c or --task number.',
    who: 'caller',
  },
  metric_undefined: {
    kind: 'rejected',
    hint: 'Evaluate on more rows: the metric and its interval need what the rule says.',
    who: 'operator',
  },
  candidate_refused: {
    kind: 'rejected',
    hint: 'See the reasons of the decision: each says what would change it.',
    who: 'operator',
  },

  // predictions and HTTP
  explanation_unavailable: {
    kind: 'rejected',
    hint: 'Train the version again here, or import it from a file that has the row counts of its nodes.',
    who: 'operator',
  },
  features_missing: {
    kind: 'rejected',
    hint: 'Deliver the named features for this key: ingesting them puts them online.',
    who: 'data supplier',
  },
  bad_json: { kind: 'usage', hint: 'Send one JSON object in UTF-8.', who: 'caller' },
  body_invalid: { kind: 'usage', hint: 'Send the fields that the API describes, with their types.', who: 'caller' },
  unknown_field: { kind: 'usage', hint: 'Remove the field; the API describes which exist.', who: 'caller' },
  too_deep: { kind: 'limit', hint: 'Nest objects and arrays at most 32 levels deep.', who: 'caller' },
  unsafe_integer: {
    kind: 'usage',
    hint: 'Whole numbers beyond 2^53 - 1 are not exact; send them as text.',
    who: 'caller',
  },
  unsupported_media_type: { kind: 'usage', hint: 'Send content-type: application/json.', who: 'caller' },
  too_large: { kind: 'limit', hint: 'Send a smaller body.', who: 'caller' },
  route_unknown: { kind: 'not_found', hint: 'GET /openapi.json lists what there is.', who: 'caller' },
  method_not_allowed: { kind: 'usage', hint: 'See the allow header.', who: 'caller' },
  host_refused: {
    kind: 'usage',
    hint: 'Without authentication the API answers only to names of this machine.',
    who: 'caller',
  },
  origin_refused: {
    kind: 'usage',
    hint: 'Call the API from a program, or from a page that the API serves itself.',
    who: 'caller',
  },
  listener_open: {
    kind: 'usage',
    hint: 'Listen on 127.0.0.1, and put a proxy that authenticates callers in front.',
    who: 'operator',
  },
  request_invalid: { kind: 'usage', hint: 'Send a well-formed HTTP/1.1 request.', who: 'caller' },
  request_timeout: { kind: 'temporary', hint: 'Send the whole request within 10 seconds.', who: 'caller' },
  headers_too_large: { kind: 'limit', hint: 'Send at most 16 KB of headers.', who: 'caller' },
  report_unknown: { kind: 'not_found', hint: 'GET /reports lists what there is.', who: 'caller' },
  champion_not_loaded: {
    kind: 'temporary',
    hint: 'GET /health says why. Mend the cause, or roll back: vigie rollback.',
    who: 'operator',
  },
  model_invalid_output: {
    kind: 'internal',
    hint: 'The model gave no probability, or no number. Roll back: vigie rollback.',
    who: 'operator',
  },
  overloaded: { kind: 'temporary', hint: 'Try again after the seconds in the retry-after header.', who: 'caller' },
  port_in_use: { kind: 'usage', hint: 'Give another with --port, or --port 0 for any free one.', who: 'operator' },

  // stores and runs
  postgres_failed: {
    kind: 'temporary',
    hint: 'See the log that is named, or set DATABASE_URL to use another Postgres.',
    who: 'operator',
  },
  database_unreachable: {
    kind: 'temporary',
    hint: 'Check DATABASE_URL, or remove it to use the embedded Postgres.',
    who: 'operator',
  },
  out_of_memory: {
    kind: 'limit',
    hint: 'Free memory, or raise the limit with NODE_OPTIONS=--max-old-space-size=<MB>, and run the same command again.',
    who: 'operator',
  },
  database_busy: {
    kind: 'temporary',
    hint: 'Another process held the same rows for too long. Run the same command again: nothing was changed.',
    who: 'operator',
  },
  database_permission: {
    kind: 'usage',
    hint: 'Grant the user of DATABASE_URL what is missing; it needs to create and use the schema "vigie".',
    who: 'operator',
  },
  migration_changed: {
    kind: 'integrity',
    hint: 'The database was migrated by another build. Use that build, or another database.',
    who: 'operator',
  },
  disk_full: {
    kind: 'temporary',
    hint: 'Free space and run the same command again: nothing was lost.',
    who: 'operator',
  },
  state_newer: {
    kind: 'usage',
    hint: 'This state folder was written by a newer Vigie. Use that version, or another VIGIE_HOME.',
    who: 'operator',
  },
  state_not_writable: {
    kind: 'usage',
    hint: 'Make the folder writable for this user, or set another VIGIE_HOME.',
    who: 'operator',
  },
  state_mismatch: {
    kind: 'usage',
    hint: 'Use the VIGIE_HOME that the database was begun with (it may have been moved), or another database.',
    who: 'operator',
  },
  state_corrupt: {
    kind: 'integrity',
    hint: 'Restore the named file from a backup, or use another VIGIE_HOME.',
    who: 'operator',
  },
  run_failed: {
    kind: 'temporary',
    hint: 'See `vigie runs`; running the same command again resumes it.',
    who: 'operator',
  },
  run_cancelled: { kind: 'conflict', hint: 'Running the same command again goes on with it.', who: 'caller' },
  run_unknown: { kind: 'not_found', hint: 'See `vigie runs` for what there is.', who: 'caller' },
  wrong_use: { kind: 'usage', hint: 'See --help.', who: 'caller' },

  // models of other tools
  model_file_unsafe: {
    kind: 'rejected',
    hint: 'Save it as what holds numbers and no code: LightGBM save_model("m.txt"), XGBoost save_model("m.json"), or ONNX.',
    who: 'caller',
  },
  model_file_invalid: {
    kind: 'rejected',
    hint: 'Give an ONNX file, a LightGBM text model or an XGBoost JSON model, as the tool itself wrote it.',
    who: 'caller',
  },
  model_file_unsupported: {
    kind: 'rejected',
    hint: 'Train it without what is named. See docs/models.md for what can be read.',
    who: 'caller',
  },
  model_file_limit: {
    kind: 'limit',
    hint: 'Train fewer or smaller trees.',
    who: 'caller',
  },
  model_inputs_unknown: {
    kind: 'rejected',
    hint: 'Name the feature of each input of the file, in its order: --features subscription.monthly_fee,usage.hours',
    who: 'caller',
  },
  records_invalid: {
    kind: 'rejected',
    hint: 'Give the rows as `vigie dataset --out` writes them, and one expected answer a row.',
    who: 'caller',
  },
  model_scores_differ: {
    kind: 'rejected',
    hint: 'Record inputs and scores with the same model and the same rows. See docs/models.md.',
    who: 'caller',
  },

  model_runtime_missing: {
    kind: 'rejected',
    hint: 'Install it in the project: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
    who: 'operator',
  },
  model_graph_failed: {
    kind: 'rejected',
    hint: 'Run the file in onnxruntime on the same rows, nulls as NaN, and export it again. See docs/models.md.',
    who: 'caller',
  },
  model_not_exported: {
    kind: 'rejected',
    hint: 'Use the file that was imported: its sha256 is in `vigie model show`.',
    who: 'caller',
  },

  // internal
  internal: {
    kind: 'internal',
    hint: 'This is a fault of Vigie. Report it with the run id and the log.',
    who: 'developer of Vigie',
  },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof catalogue

/** Where and what: as much of it as is known. `value` is shown to people, so keep it below 200 characters. */
export interface ErrorDetails {
  readonly rule?: string
  readonly value?: string
  readonly file?: string
  readonly line?: number
  readonly column?: string
  /** Replaces the catalogue's hint when the next action is known more exactly. */
  readonly hint?: string
  readonly cause?: unknown
  readonly [extra: string]: unknown
}

/** An error that a person can act on. Carries the catalogue's kind and hint, and the details of this occurrence. */
export class VigieError extends Error {
  readonly code: ErrorCode
  readonly kind: ErrorKind
  readonly hint: string
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'VigieError'
    this.code = code
    this.kind = catalogue[code].kind
    this.hint = details.hint ?? catalogue[code].hint
    const { cause: _cause, hint: _hint, ...rest } = details
    this.details = rest
  }
}

/** True for anything that carries one of our codes, also after a journey through JSON. */
export function hasCode<C extends ErrorCode>(error: unknown, code?: C): error is VigieError & { code: C } {
  const found = (error as { code?: unknown } | null)?.code
  return typeof found === 'string' && found in catalogue && (code === undefined || found === code)
}
