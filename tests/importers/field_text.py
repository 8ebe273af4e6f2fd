"""Text as a grammar may meet it: the field's own characters in any order, and any others."""

from hypothesis import strategies as st

FIELD_TEXT = st.text(
    alphabet=st.sampled_from(
        "0123456789年月日底前-—至~（）()、，；/ \n上中下旬季度每个工作局委办牵头配合单位：:X分明查已未完成持续十五"
    )
    | st.characters()
)
