-- What gives a version's training rows again, bit for bit: see TrainingSet in ports/registry.ts.
alter table vigie.model_version add column training_set json;
