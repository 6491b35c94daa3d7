-- A share of class 1 exists only where the label is binary.
alter table vigie.model_version alter column training_base_rate drop not null;
