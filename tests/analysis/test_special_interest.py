"""The table of adverse events of special interest: terms that belong and terms that do not."""

import re
import time

import numpy as np
import pandas as pd
import pytest

from ppp import results
from ppp.safety.rows import special_interest
from ppp.safety.rows.special_interest import caught, named, names, table

CATEGORIES = {
    "interest": [
        "Serious infection",
        "Opportunistic infection",
        "Herpes zoster",
        "Tuberculosis",
        "Hepatitis B reactivation",
        "Malignancy excluding NMSC",
        "Non-melanoma skin cancer",
        "MACE",
        "VTE",
        "Arterial thromboembolism",
        "Thrombosis, site not stated",
        "Gastrointestinal perforation",
        "Hepatic event",
        "Anaemia",
        "Neutropenia",
        "Lymphopenia",
        "CK increased or rhabdomyolysis",
        "Renal dysfunction",
        "Lipids increased",
    ],
    "common": ["Acne", "Weight increased"],
}
BELONG = {
    "Serious infection": """
        Pneumonia; Sepsis; Urinary tract infection; COVID-19; Cellulitis; Septic shock;
        Influenza; Appendicitis; Pyelonephritis; Upper respiratory tract infection;
        Arthritis bacterial; Herpes simplex; Nasopharyngitis; Osteomyelitis; Viral myocarditis;
        URTI; Abscess limb; Eczema herpeticum; Lungenentzündung; Harnwegsinfekt;
        肺炎; 上呼吸道感染; 蜂窝织炎; 败血症; 带状疱疹; 急性阑尾炎; 化脓性骨髓炎; 新冠; 足癣;
        尿路感染; 急性支气管炎; 麻疹; 感染性肠炎; 卡波西水痘样疹; 疱疹样湿疹""",
    "Opportunistic infection": """
        Pneumocystis jirovecii pneumonia; Oesophageal candidiasis; Cytomegalovirus infection;
        Cryptococcal meningitis; Bronchopulmonary aspergillosis; Herpes zoster disseminated;
        Progressive multifocal leukoencephalopathy; Systemic candida; Fungaemia; Nocardiosis;
        Atypical mycobacterial infection; Oropharyngeal candidiasis;
        Herpes simplex encephalitis; Meningoencephalitis herpetic; Candida sepsis;
        Toxoplasmosis; Listeriosis; Eczema herpeticum; Kaposi's varicelliform eruption;
        Ekzema herpeticatum; 疱疹性湿疹; 卡波西水痘样疹; 疱疹样湿疹; Kaposi水痘样疹;
        肺孢子菌肺炎; 隐球菌性脑膜炎; 巨细胞病毒感染; 播散性带状疱疹; 食管念珠菌病; 肺曲霉病;
        侵袭性真菌感染; 卡氏肺囊虫肺炎; 机会性感染; 非结核分枝杆菌感染; 马尔尼菲篮状菌病""",
    "Herpes zoster": """
        Herpes zoster; shingles; HERPES ZOSTER OTICUS; Post herpetic neuralgia;
        Zoster ophthalmic; Varicella zoster virus infection; Ophthalmic herpes zoster; HZ;
        Postherpetic neuralgia; Gürtelrose;
        带状疱疹; 带状疱疹后神经痛; 左侧胸背部带状疱疹; 缠腰火丹; 蛇串疮; 蛇缠腰; 缠腰龙""",
    "Tuberculosis": """
        Tuberculosis; Pulmonary tuberculosis; TB; Latent tuberculosis; Tuberculous pleurisy;
        Mycobacterium tuberculosis complex test positive; QuantiFERON positive;
        Lymph node tuberculosis; Tuberkulose;
        肺结核; 潜伏性结核感染; 结核性胸膜炎; T-SPOT阳性; PPD试验阳性; 淋巴结核; 结核""",
    "Hepatitis B reactivation": """
        Hepatitis B reactivation; Hepatitis B; Hepatitis B DNA increased; HBV reactivation;
        HBV DNA assay positive; Acute hepatitis B; HBsAg positive;
        乙肝再激活; 乙型肝炎病毒再激活; HBV-DNA升高; 乙型病毒性肝炎; 乙肝复发""",
    "Malignancy excluding NMSC": """
        Malignant melanoma; Lung adenocarcinoma; Breast cancer; Lymphoma; B-cell lymphoma;
        Acute myeloid leukaemia; Multiple myeloma; Prostate cancer metastatic; Colon cancer;
        Squamous cell carcinoma of lung; Oesophageal squamous cell carcinoma; Kaposi's sarcoma;
        Neuroendocrine carcinoma of the skin; Lung neoplasm malignant; Metastases to bone;
        Malignant melanoma in situ; Chronic lymphocytic leukemia; Mycosis fungoides;
        Squamous cell carcinoma of head and neck; Mammakarzinom; Brustkrebs; Leukämie;
        肺癌; 乳腺癌; 恶性黑色素瘤; 淋巴瘤; 白血病; 多发性骨髓瘤; 胃恶性肿瘤; 肺鳞癌;
        甲状腺乳头状癌; 食管鳞状细胞癌; 肝转移瘤; 恶性肿瘤""",
    "Non-melanoma skin cancer": """
        Basal cell carcinoma; Squamous cell carcinoma of skin; Bowen's disease; Keratoacanthoma;
        BCC; Squamous cell carcinoma; Cutaneous squamous cell carcinoma;
        Non-melanoma skin cancer; Skin cancer; NMSC; Basaliom; cSCC;
        基底细胞癌; 皮肤鳞状细胞癌; 鲍温病; 皮肤癌; 鳞状细胞癌; 角化棘皮瘤; 非黑色素瘤皮肤癌;
        皮肤鳞癌""",
    "MACE": """
        Myocardial infarction; Acute myocardial infarction; NSTEMI; Heart attack;
        Ischaemic stroke; Cerebrovascular accident; Cerebral infarction; Lacunar infarction;
        Sudden cardiac death; Cardiac death; Haemorrhagic stroke; Subarachnoid haemorrhage;
        Cardiac arrest; Stroke; CVA; Acute coronary syndrome; Sudden death; Herzinfarkt;
        Cerebral thrombosis; Cerebral artery occlusion; Cerebral artery embolism;
        Thrombotic stroke; Schlaganfall; Hirnarterienverschluss;
        脑血栓; 脑动脉血栓; 大脑中动脉闭塞;
        心肌梗死; 急性心肌梗塞; 脑梗死; 脑卒中; 中风; 脑出血; 腔隙性脑梗死; 心源性猝死; 心梗;
        脑梗; 蛛网膜下腔出血; 急性ST段抬高型心肌梗死; 急性冠脉综合征""",
    "VTE": """
        Deep vein thrombosis; DVT; Pulmonary embolism; PE; Venous thromboembolism; VTE;
        Pelvic venous thrombosis; Pulmonary thrombosis; Portal vein thrombosis;
        Retinal vein thrombosis; Cerebral venous sinus thrombosis; Venous thrombosis limb;
        Thrombosis of the femoral vein; Blood clot in leg; Lungenembolie;
        tiefe Beinvenenthrombose; Retinal vein occlusion; Central retinal vein occlusion;
        Mesenteric venous thrombosis; Mesenteric vein thrombosis; Cerebral venous thrombosis;
        Pulmonary artery occlusion; Leg thrombosis; Pfortaderthrombose; venöse Thrombose;
        Netzhautvenenverschluss; Venenastverschluss; Hirnvenenthrombose;
        视网膜静脉阻塞; 视网膜中央静脉闭塞; 肠系膜静脉血栓; 颅内静脉窦血栓; 脑静脉血栓;
        深静脉血栓; 下肢深静脉血栓形成; 肺栓塞; 肺动脉栓塞; 静脉血栓栓塞症; 左下肢静脉血栓;
        门静脉血栓; 下肢DVT""",
    "Arterial thromboembolism": """
        Arterial thrombosis; Peripheral arterial occlusion; Peripheral artery occlusion;
        Femoral artery thrombosis; Thrombosis of the femoral artery; Limb ischaemia;
        Critical limb ischemia; Retinal artery occlusion; Arterial thromboembolism;
        Embolism arterial; Aortic thrombosis; Coronary artery thrombosis; Coronary artery occlusion;
        Peripheral embolism; arterielle Thrombose; Beinarterienverschluss;
        akuter arterieller Verschluss; Beinischämie; Zentralarterienverschluss;
        动脉血栓; 动脉栓塞; 动脉闭塞; 下肢动脉栓塞; 股动脉血栓形成; 视网膜中央动脉阻塞;
        急性下肢缺血; 肢体缺血; 冠脉血栓""",
    "Thrombosis, site not stated": """
        Thrombosis; Thrombus; Acute thrombosis; Thromboembolic event; Thrombotic event;
        Femoral thrombosis; Catheter site thrombosis; Thrombose; Thromboembolie;
        血栓; 血栓形成; 急性血栓; 血栓栓塞事件""",
    "Gastrointestinal perforation": """
        Gastrointestinal perforation; Diverticular perforation; Gastric ulcer perforation;
        Large intestine perforation; Perforated appendicitis; Appendicitis perforated;
        Perforated duodenal ulcer; Oesophageal perforation; Bowel perforation;
        Colonic perforation; GI perforation; Perforated peptic ulcer; Rectal perforation;
        Magenperforation;
        胃穿孔; 肠穿孔; 十二指肠溃疡穿孔; 消化道穿孔; 阑尾穿孔; 憩室穿孔; 结肠穿孔;
        胃溃疡并穿孔; 阑尾炎伴穿孔""",
    "Hepatic event": """
        ALT increased; Alanine aminotransferase increased; AST elevated; elevated ALT;
        Transaminases increased; Hepatic enzyme increased; Liver function test abnormal;
        Blood bilirubin increased; Hepatotoxicity; Drug-induced liver injury; Jaundice;
        Hepatitis; Hepatic function abnormal; Hypertransaminasaemia; Hepatic steatosis;
        Cholestasis; DILI; Gamma-glutamyltransferase increased; Autoimmune hepatitis; ALT/AST ↑;
        GPT erhöht; Leberwerte erhöht; Ikterus;
        转氨酶升高; 谷丙转氨酶升高; ALT升高; AST增高; 肝功能异常; 肝功异常; 肝损害;
        药物性肝损伤; 黄疸; 胆红素升高; 肝功能损害; 转氨酶偏高; 丙氨酸氨基转移酶升高;
        门冬氨酸氨基转移酶增高; 脂肪肝; γ-谷氨酰转移酶升高; 谷草高""",
    "Anaemia": """
        Anaemia; Anemia; Iron deficiency anaemia; Haemoglobin decreased; Hemoglobin low; Hb ↓;
        Low haemoglobin; Hb decreased; Pancytopenia; Red blood cell count decreased; Anämie;
        贫血; 轻度贫血; 血红蛋白降低; 血红蛋白下降; Hb降低; 血色素低; 缺铁性贫血; 全血细胞减少;
        红细胞减少; HGB下降""",
    "Neutropenia": """
        Neutropenia; Neutrophil count decreased; Febrile neutropenia; low neutrophils;
        Neutropaenia; Agranulocytosis; Granulocytopenia; ANC decreased; Cyclic neutropenia;
        Neutropenie;
        中性粒细胞减少; 中性粒细胞计数降低; 粒细胞减少症; 粒细胞缺乏; 中性粒细胞偏低;
        中性粒细胞数下降; 中性粒细胞百分比降低""",
    "Lymphopenia": """
        Lymphopenia; Lymphocyte count decreased; lymphocytopenia; lymphocytes low;
        Low lymphocytes; reduced lymphocyte count; Lymphopenie;
        淋巴细胞减少; 淋巴细胞计数降低; 淋巴细胞减少症; 淋巴细胞绝对值下降; 淋巴细胞偏低""",
    "CK increased or rhabdomyolysis": """
        Blood creatine phosphokinase increased; CK increased; blood CK increased; CPK elevated;
        Creatine kinase increased; Rhabdomyolysis; elevated CK; Myoglobinuria; CK ↑;
        Blood myoglobin increased; CK erhöht; Rhabdomyolyse;
        肌酸激酶升高; CK升高; 肌酸磷酸激酶增高; 横纹肌溶解; 磷酸肌酸激酶升高; 肌酶升高; CK异常;
        横纹肌溶解综合征; 血清肌酸激酶偏高""",
    "Renal dysfunction": """
        Blood creatinine increased; Acute kidney injury; Renal failure; Renal impairment; AKI;
        Chronic kidney disease; creatinine elevated; raised serum creatinine; eGFR decreased;
        Glomerular filtration rate decreased; Creatinine renal clearance decreased; Nephritis;
        Renal function abnormal; Tubulointerstitial nephritis; Blood urea increased;
        Niereninsuffizienz; Kreatinin erhöht;
        肌酐升高; 血肌酐增高; 肾功能不全; 肾功能异常; 急性肾损伤; 肾衰竭; 肾小球滤过率下降;
        eGFR降低; 肌酐清除率下降; 肾功能损害; 急性肾小球肾炎; 尿素氮升高""",
    "Lipids increased": """
        Hyperlipidaemia; Hypercholesterolaemia; Hypertriglyceridemia; Dyslipidaemia;
        LDL increased; Blood cholesterol increased; Low density lipoprotein increased;
        Lipids increased; Blood triglycerides increased; elevated cholesterol;
        Cholesterin erhöht; high LDL; LDL and HDL cholesterol increased; Lipids abnormal;
        血脂升高; 高脂血症; 高胆固醇血症; 甘油三酯升高; 总胆固醇升高; 低密度脂蛋白升高;
        血脂异常; 高血脂; LDL-C升高; 胆固醇偏高; 低密度脂蛋白胆固醇增高; TG升高""",
    "Acne": """
        Acne; acne vulgaris; Dermatitis acneiform; Acne cystic; ACNE PUSTULAR;
        Acneiform eruption; Steroid acne; Akne; comedones;
        痤疮; 面部痤疮; 青春痘; 粉刺; 痤疮样皮疹; 聚合性痤疮; 长痘痘""",
    "Weight increased": """
        Weight increased; weight gain; Abnormal weight gain; increased body weight;
        Weight increase; gained weight; Gewichtszunahme;
        体重增加; 体重上升; 体重明显增加; 发胖; 体重增长5kg""",
}
BELONG_NOT = {
    "Serious infection": """
        Headache; Influenza vaccination; Influenza like illness; Psoriasis;
        Aseptic necrosis bone; Palmoplantar pustulosis;
        Chronic recurrent multifocal osteomyelitis; Urticaria; Autoimmune encephalitis;
        Rhinitis allergic; Cystitis interstitial; Tuberculosis screening;
        Non-infectious uveitis; Eosinophilic pneumonia; Mycosis fungoides; Colitis ulcerative;
        荨麻疹; 牛皮癣; 掌跖脓疱病; 疱疹样皮炎; 间质性肺炎; 溃疡性结肠炎;
        慢性复发性多灶性骨髓炎; 流感疫苗; 湿疹; 过敏性鼻炎; 上感觉异常""",
    "Opportunistic infection": """
        Herpes zoster; Herpes simplex; Oral herpes; Vulvovaginal candidiasis; Tinea pedis;
        Pneumonia; CMV IgG positive; Tuberculosis; Skin candida; Eczema; Varicella;
        Kaposi's sarcoma; Dermatitis herpetiformis; Herpes labialis; 湿疹; 水痘; 疱疹样皮炎;
        带状疱疹; 单纯疱疹; 肺结核; 外阴阴道念珠菌病; 足癣; 巨细胞病毒抗体阳性;
        结核分枝杆菌感染""",
    "Herpes zoster": """
        Herpes simplex; Oral herpes; Genital herpes; Varicella; Herpes zoster vaccination;
        herpes; Zosteriform rash; Dermatitis herpetiformis; Herpes zoster immunisation;
        Herpes labialis;
        单纯疱疹; 口唇疱疹; 水痘; 带状疱疹疫苗接种; 疱疹; 疱疹样皮炎; 生殖器疱疹""",
    "Tuberculosis": """
        Tuberculosis test negative; TBIL increased; Nontuberculous mycobacterial infection;
        Atypical mycobacterial infection; BCG vaccination; Tuberculosis immunisation;
        Exposure to tuberculosis; Tuberculoid leprosy; Tuberous sclerosis;
        非结核分枝杆菌感染; 甲状腺结节; T-SPOT阴性; 结核菌素试验阴性; 肺结节; 结核病筛查""",
    "Hepatitis B reactivation": """
        Hepatitis; Hepatitis C; Hepatitis A; Hepatitis bacterial; Hepatitis B immunisation;
        Hepatitis B core antibody positive; Hepatitis B carrier; Hepatitis B vaccination;
        Hb low;
        乙肝疫苗接种; 丙型肝炎; 肝炎; 乙肝表面抗体阳性; 乙肝病毒携带者; 甲型肝炎; HBV-DNA阴性""",
    "Malignancy excluding NMSC": """
        Basal cell carcinoma; Squamous cell carcinoma of skin; Bowen's disease; Skin papilloma;
        Malignant hypertension; Neuroleptic malignant syndrome; Sarcoidosis; Lipoma;
        Benign neoplasm; Carcinoembryonic antigen increased; Cancer antigen 125 increased;
        Precancerous lesion; Leukaemoid reaction; Lymphomatoid papulosis; Actinic keratosis;
        Melanocytic naevus; Cyst; Non-melanoma skin cancer; Squamous cell carcinoma;
        Lymphadenopathy; Leukopenia;
        基底细胞癌; 皮肤鳞状细胞癌; 癌胚抗原升高; 恶性贫血; 恶性高血压; 脂肪瘤; 转移性右下腹痛;
        色素痣; 恶性心律失常; 良性肿瘤; 类白血病反应; 癌前病变; 非黑色素瘤皮肤癌; 结节病""",
    "Non-melanoma skin cancer": """
        Malignant melanoma; Squamous cell carcinoma of lung; Actinic keratosis; Melanoma;
        Lymphoma; Seborrhoeic keratosis; Bowenoid papulosis; Basal ganglia infarction;
        Skin papilloma; Oesophageal squamous cell carcinoma; Basal cell naevus syndrome;
        Cervix squamous metaplasia;
        黑色素瘤; 肺鳞癌; 脂溢性角化; 日光性角化; 食管鳞状细胞癌; 鲍温样丘疹病; 皮肤感染""",
    "MACE": """
        Angina pectoris; Transient ischaemic attack; Heat stroke; Palpitations; Hypertension;
        Splenic infarction; Old myocardial infarction; Atrial fibrillation; Chest pain;
        Sunstroke; Myocarditis; Traumatic intracranial haemorrhage;
        Family history of myocardial infarction;
        Peripheral arterial occlusion; Cerebral venous thrombosis; 颅内静脉窦血栓;
        心悸; 心绞痛; 短暂性脑缺血发作; 高血压; 陈旧性心肌梗死; 痛风; 心肌炎; 脑供血不足; 胸痛""",
    "VTE": """
        Superficial thrombophlebitis; Thrombocytopenia; Thrombocytosis; Arterial thrombosis;
        Haemorrhoids thrombosed; Varicose vein; Pleural effusion; Peripheral arterial occlusion;
        Thrombosis prophylaxis; Superficial vein thrombosis; Pruritus;
        Coronary artery thrombosis; Retinal artery occlusion; Thrombosis; Venous insufficiency;
        Venoocclusive liver disease; 血栓形成; 视网膜动脉阻塞; 肝小静脉闭塞病; 动脉栓塞;
        血小板减少; 动脉血栓; 下肢静脉曲张; 血栓性浅静脉炎; 浅静脉血栓; 痔静脉血栓; 脑血栓""",
    "Arterial thromboembolism": """
        Deep vein thrombosis; Pulmonary artery thrombosis; Pulmonary embolism; Thrombosis;
        Cerebral artery occlusion; Stroke; CVA; Cerebrovascular accident; Myocardial infarction;
        Arteriosclerosis; Peripheral arterial occlusive disease; Uterine artery embolisation;
        Arterial thrombosis prophylaxis; Retinal vein occlusion; Arterial hypertension;
        Lungenarterienembolie; Arterienverschlusskrankheit; Hirnarterienverschluss;
        静脉血栓; 肺动脉栓塞; 脑动脉闭塞; 脑卒中; 动脉硬化闭塞症; 子宫动脉栓塞术; 动脉粥样硬化;
        肺动脉高压""",
    "Thrombosis, site not stated": """
        Deep vein thrombosis; Arterial thrombosis; Cerebral thrombosis; Pulmonary thrombosis;
        Atrial thrombosis; Portal vein thrombosis; Thrombocytopenia; Thrombocytosis;
        Thrombosis prophylaxis; Thrombotic microangiopathy; Coronary artery thrombosis;
        Thrombophlebitis; Leg thrombosis; Haemorrhoids thrombosed; History of thrombosis;
        Thrombotic thrombocytopenic purpura; venöse Thrombose; Beinvenenthrombose;
        静脉血栓; 动脉血栓; 脑血栓; 下肢血栓; 心房血栓; 血栓性浅静脉炎; 血小板减少; 痔血栓;
        血栓性微血管病; 血栓弹力图异常; 静脉血栓栓塞症""",
    "Gastrointestinal perforation": """
        Tympanic membrane perforation; Corneal perforation; Nasal septum perforation;
        Gastric ulcer; Uterine perforation; Gastritis; Appendicitis; Corneal ulcer perforated;
        Ear drum perforation;
        鼓膜穿孔; 角膜穿孔; 鼻中隔穿孔; 胃溃疡; 角膜溃疡穿孔; 子宫穿孔; 耳膜穿孔; 胃炎""",
    "Hepatic event": """
        ALT decreased; Blood creatinine increased; Hepatitis B; Viral hepatitis; Hepatitis C;
        Blood alkaline phosphatase increased; Headache; Salt craving increased; Hepatitis viral;
        Blast cells increased; Fasting glucose increased;
        乙型肝炎; 血糖升高; 肌酐升高; 病毒性肝炎; 转氨酶降低; 肝囊肿; 碱性磷酸酶升高; 肝区不适""",
    "Anaemia": """
        Haemoglobin increased; Septicaemia; Hyperglycaemia; Glycosylated haemoglobin decreased;
        HbA1c decreased; HBsAg positive; Leukaemia; Platelet count decreased; Haemoglobinuria;
        Bacteraemia; Mean cell haemoglobin decreased;
        血红蛋白升高; 血小板减少; 白细胞减少; 糖化血红蛋白降低; 血红蛋白尿; 高血压; 低血糖""",
    "Neutropenia": """
        Neutrophilia; Neutrophil count increased; Leukopenia; Lymphopenia; Thrombocytopenia;
        White blood cell count decreased; Eosinopenia;
        中性粒细胞升高; 白细胞减少; 淋巴细胞减少; 嗜酸性粒细胞减少; 血小板减少; 中性粒细胞增多""",
    "Lymphopenia": """
        Lymphocytosis; Lymphocyte count increased; Neutropenia; Lymphadenopathy; Leukopenia;
        Lymphoma; Lymphoedema;
        淋巴细胞升高; 淋巴结肿大; 白细胞减少; 中性粒细胞减少; 淋巴细胞增多""",
    "CK increased or rhabdomyolysis": """
        Blood creatinine increased; CK decreased; Myalgia;
        Blood creatine phosphokinase MB increased; CK-MB increased; Neck pain increased;
        Muscle spasms; Back pain increased; Myositis;
        肌酐升高; 肌酸激酶同工酶升高; CK-MB升高; 肌痛; 心肌酶升高; CK降低; 肌肉痉挛""",
    "Renal dysfunction": """
        Creatinine clearance increased; Creatine kinase increased; Renal cyst; Pyelonephritis;
        Hyperuricaemia; Nephrolithiasis; Urinary tract infection; Renal colic;
        Adrenal insufficiency; Blood creatinine decreased;
        肾结石; 肾囊肿; 肾盂肾炎; 肌酸激酶升高; 尿酸升高; 肌酐降低; 肾上腺功能减退; 高尿酸血症""",
    "Lipids increased": """
        Blood cholesterol decreased; Lipase increased; HDL cholesterol increased; Lipoma;
        LDL low; High density lipoprotein decreased; High density lipoprotein increased;
        Weight increased; Antiphospholipid antibodies increased;
        Low density lipoprotein decreased; Lipodystrophy;
        血脂降低; 脂肪酶升高; 高密度脂蛋白升高; 脂肪瘤; 高密度脂蛋白胆固醇降低; 高脂饮食;
        胆固醇结石""",
    "Acne": """
        Rosacea; Acne rosacea; Acne inversa; Hidradenitis; Folliculitis; SAPHO syndrome;
        Vaccination; Synovitis, acne, pustulosis, hyperostosis, osteitis;
        Palmoplantar pustulosis; Pustular rash;
        玫瑰痤疮; 酒渣鼻; 反常性痤疮; 毛囊炎; 掌跖脓疱病; 水痘; SAPHO综合征""",
    "Weight increased": """
        Weight decreased; weight loss; Poor weight gain; Appetite increased;
        Weight bearing difficulty; Blood pressure increased;
        体重减轻; 体重下降; 消瘦; 食欲增加; 体重增长不良""",
}


def pairs(terms):
    return [(c, " ".join(t.split())) for c, listed in terms.items() for t in listed.split(";")]


def categories(*terms):
    return named(pd.Series(terms))["category"].tolist()


@pytest.mark.parametrize(("category", "term"), pairs(BELONG))
def test_a_term_is_of_its_category(category, term):
    assert category in categories(term)


@pytest.mark.parametrize(("category", "term"), pairs(BELONG_NOT))
def test_a_term_is_not_of_a_category_that_only_sounds_like_it(category, term):
    assert category not in categories(term)


def test_every_category_is_in_the_table_and_tested_both_ways_in_both_languages():
    listed = names()
    assert {k: list(v["category"]) for k, v in listed.groupby("outcome")} == CATEGORIES
    assert list(listed["category"]) == [*CATEGORIES["interest"], *CATEGORIES["common"]]
    for terms in (BELONG, BELONG_NOT):
        assert set(terms) == set(listed["category"])
        for text in terms.values():
            assert re.search("[一-鿿]", text)
            assert re.search("[a-z]", text)


def test_each_category_has_enough_terms_both_ways():
    for terms, least in ((BELONG, 8), (BELONG_NOT, 3)):
        assert {c for c, text in terms.items() if len(text.split(";")) < least} == set()


def test_the_table_is_one_a_reader_can_use():
    kept = table()
    assert set(kept["outcome"]) == {"group", "interest", "common"}
    assert set(kept["needs"]) == {"", "serious"}
    assert set(kept["language"]) == {"any", "English", "Chinese", "German"}
    assert (kept.drop(columns=["needs", "except"]) != "").all(axis=None)
    assert not kept.duplicated(["category", "words"]).any()
    assert kept.groupby("category")["outcome"].nunique().eq(1).all()
    assert kept.groupby("category")["needs"].nunique().eq(1).all()
    assert len(kept) <= 75
    assert kept[["words", "except"]].map(len).max(axis=None) < 1_000


def parts():
    cells = table()[["words", "except"]].stack()
    return {part.strip() for cell in cells if cell for part in re.split("[;+]", cell)}


def test_the_table_holds_plain_words_only():
    groups = set(table().loc[table()["outcome"] == "group", "category"])
    assert {part for part in parts() if part.startswith("{")} == groups
    for part in parts() - groups:
        assert re.fullmatch(r"\*?[\w ]*[\w↑↓][\w ]*\*?", part), part


def test_excel_reads_the_table_as_text_in_its_own_script():
    assert special_interest.TABLE.read_bytes().startswith("\N{BOM}".encode())
    assert not table().map(lambda cell: cell.startswith(("=", "+", "-", "@"))).any(axis=None)


def test_a_word_is_whole_unless_a_star_goes_on():
    assert categories("CK increased") == ["CK increased or rhabdomyolysis"]
    assert categories("Neck increased", "CKs increased") == []
    assert categories("neutropenic fever", "neutropen") == ["Neutropenia"] * 2
    assert categories("Adenocarcinoma", "Carcinomatous") == ["Malignancy excluding NMSC"]


def test_parts_of_a_phrase_may_stand_in_any_order_and_apart():
    for term in ("ALT increased", "Increased ALT", "increase, twofold, of serum ALT/AST"):
        assert categories(term) == ["Hepatic event"]


def test_one_spelling_stands_for_all():
    for term in ("Anaemia", "anemia", "ANÆMIA", "Anämia"):
        assert categories(term) == ["Anaemia"]
    for term in ("Gürtelrose", "GUERTELROSE"):
        assert "Herpes zoster" in categories(term)
    for term in ("non-melanoma skin cancer", "non melanoma skin-cancer", "(Non–melanoma)"):
        assert categories(term) == ["Non-melanoma skin cancer"]


def test_latin_words_are_found_beside_chinese_ones():
    assert "VTE" in categories("左下肢DVT形成")
    assert categories("ALT轻度升高") == ["Hepatic event"]


def test_gram_negative_is_no_negative_test():
    assert "Serious infection" in categories("Gram-negative sepsis")
    assert "Serious infection" in categories("革兰阴性杆菌败血症")
    assert categories("SARS-CoV-2 test negative") == []


def test_terms_are_read_once_for_all_of_the_rows(monkeypatch):
    calls = []
    monkeypatch.setattr(special_interest, "named", lambda terms: calls.append(1) or named(terms))
    rows_of(emergent(("P1", "acne", 1.0), ("P2", "pneumonia", 2.0), serious=["no", "yes"]))
    assert calls == [1]


def test_ten_thousand_terms_are_read_in_seconds():
    terms = pd.Series([f"{term} {i}" for i in range(50) for _, term in pairs(BELONG)][:10_000])
    start = time.perf_counter()
    named(terms)
    assert time.perf_counter() - start < 10


def test_case_width_and_spaces_do_not_matter():
    for term in ("ＣＫ升高", "ck  升高", "\nCK升高 "):
        assert categories(term) == ["CK increased or rhabdomyolysis"]


def test_a_missing_term_names_nothing():
    found = named(pd.Series(["acne", None, "带状疱疹"], index=[7, 8, 9], dtype="str"))
    assert sorted(found["event"].unique()) == [7, 9]
    assert named(pd.Series([], dtype="str")).empty


def test_long_and_hostile_terms_are_read_in_time():
    terms = ["a" * 10_000, "alt " * 2_500, "vaccin" * 1_600, "<b>acne</b>\x00", "高" * 10_000]
    found = named(pd.Series(terms))
    assert found.loc[found["category"] == "Acne", "event"].tolist() == [3]


def test_a_serious_infection_is_an_infection_that_is_serious():
    events = pd.DataFrame(
        {
            "term": ["pneumonia", "pneumonia", "pneumonia", "fracture"],
            "serious": ["yes", "no", None, "yes"],
        }
    )
    found = named(events["term"])
    assert caught(found, events)["event"].tolist() == [0]
    assert caught(found, events.drop(columns="serious")).empty


TIME = pd.DataFrame({"days": [100.0, 100.0, 50.0]}, index=["P1", "P2", "P3"])


def emergent(*rows, **more):
    table = pd.DataFrame(rows, columns=["study_id", "term", "onset"])
    return table.assign(**more)


def rows_of(events):
    return results.frame(special_interest.rows(events, TIME))


def test_every_category_is_shown_with_bounds_where_nobody_had_one():
    rows = rows_of(emergent(serious=pd.Series(dtype="str")).astype({"onset": float}))
    for outcome, listed in CATEGORIES.items():
        found = results.pick(rows, outcome=outcome, statistic="patients")
        assert found["level"].tolist() == listed
        assert set(found["estimate"]) == {0.0}
        for statistic in ("upper_one_sided", "rule_of_three", "rate_upper_one_sided"):
            assert len(results.pick(rows, outcome=outcome, statistic=statistic)) == len(listed)
    assert results.pick(rows, outcome="uncaught").empty


def test_categories_and_what_none_catches_worked_by_hand():
    events = emergent(
        ("P1", "Herpes zoster", 10.0),
        ("P1", "带状疱疹", 40.0),
        ("P2", "shingles", 20.0),
        ("P2", "acne", 5.0),
        ("P3", "Herpes simplex", 7.0),
        ("P3", "strange feeling", 9.0),
        ("P1", "strange feeling", 9.0),
        ("P1", "fracture", 9.0),
        serious=["no"] * 5 + ["yes"] + ["no"] * 2,
        soc=[None] * 7 + ["Injury"],
    )
    rows = rows_of(events)
    zoster = {"outcome": "interest", "level": "Herpes zoster"}
    assert results.one(rows, **zoster, statistic="patients")["events"] == 2
    assert results.one(rows, **zoster, statistic="event_count")["estimate"] == 3
    rate = results.one(rows, **zoster, statistic="rate_per_100_py")
    assert rate["estimate"] == pytest.approx(200 / ((10 + 20 + 50) / 365.25))
    serious = results.one(rows, outcome="interest", level="Serious infection", statistic="patients")
    assert (serious["events"], serious["note"]) == (0, "")
    assert results.one(rows, outcome="common", level="Acne", statistic="patients")["events"] == 1
    left = results.pick(rows, outcome="uncaught")
    assert left[["level", "statistic", "estimate", "n"]].values.tolist() == [
        ["strange feeling", "patients", 2.0, 3],
        ["strange feeling", "event_count", 2.0, 3],
        ["Herpes simplex", "patients", 1.0, 3],
        ["Herpes simplex", "event_count", 1.0, 3],
    ]
    assert left["ci_low"].isna().all()


def test_the_terms_behind_a_category_worked_by_hand():
    events = emergent(
        ("P1", "GPT high", 1.0),
        ("P1", "ALT increased", 2.0),
        ("P2", "ALT increased", 3.0),
        ("P3", "alt increased", 4.0),
        ("P1", "alt increased", 5.0),
        ("P1", "alt increased", 6.0),
        ("P2", "Acne", 7.0),
        ("P3", "Pneumonia", 8.0),
        ("P3", "Influenza", 9.0),
        ("P1", "strange feeling", 9.0),
        ("P1", None, 9.0),
        ("P1", "DILI", 9.0),
        serious=["no"] * 7 + ["yes"] + ["no"] * 4,
        grade=pd.array([1] * 12, dtype="Int64"),
    )
    rows = rows_of(events)
    listed = results.pick(rows, outcome="interest_term")
    wide = listed.pivot(index=["population", "level"], columns="statistic", values="estimate")
    wide = wide.loc[list(dict.fromkeys(zip(listed["population"], listed["level"], strict=True)))]
    assert wide.reset_index()[
        ["population", "level", "patients", "event_count"]
    ].values.tolist() == [
        ["interest=Serious infection", "Pneumonia", 1, 1],
        ["interest=Hepatic event", "alt increased", 2, 3],
        ["interest=Hepatic event", "ALT increased", 2, 2],
        ["interest=Hepatic event", "DILI", 1, 1],
        ["interest=Hepatic event", "GPT high", 1, 1],
        ["interest=Acne", "Acne", 1, 1],
    ]
    assert (listed["estimate"] == listed["events"]).all() and set(listed["n"]) == {3}
    assert set(listed["statistic"]) == {"patients", "event_count"}
    assert listed[["ci_low", "ci_high"]].isna().all(axis=None)
    whole = results.one(rows, outcome="interest", level="Hepatic event", statistic="event_count")
    assert whole["estimate"] == 7
    assert results.pick(rows_of(events.iloc[:0]), outcome="interest_term").empty
    again = results.pick(rows_of(events[::-1]), outcome="interest_term")
    pd.testing.assert_frame_equal(again.reset_index(drop=True), listed.reset_index(drop=True))


def test_a_category_of_which_nothing_is_known_lists_no_terms():
    rows = rows_of(emergent(("P1", "pneumonia", 1.0)))
    assert results.pick(rows, outcome="interest_term").empty


@pytest.mark.parametrize("serious", [None, pd.array([None, None], dtype="str")])
def test_whether_events_were_serious_was_not_recorded(serious):
    events = emergent(("P1", "pneumonia", 1.0), ("P2", "acne", 2.0))
    rows = rows_of(events if serious is None else events.assign(serious=serious))
    row = results.one(rows, outcome="interest", level="Serious infection", statistic="patients")
    assert np.isnan(row["estimate"])
    assert row["note"] == "not recorded"
    found = results.pick(rows, outcome="interest", statistic="upper_one_sided")
    assert set(found["level"]) == set(CATEGORIES["interest"]) - {"Serious infection"}


def test_whether_events_were_serious_was_recorded_in_part():
    events = emergent(
        ("P1", "pneumonia", 1.0),
        ("P2", "cellulitis", 2.0),
        ("P3", "acne", 2.0),
        serious=["yes", None, None],
    )
    row = results.one(
        rows_of(events), outcome="interest", level="Serious infection", statistic="patients"
    )
    assert row["events"] == 1
    assert row["note"] == "serious or not is not recorded for 1 of 2 events"


def test_one_event_counts_once_in_a_category_that_two_patterns_name():
    rows = rows_of(emergent(("P1", "Anaemia, haemoglobin decreased 贫血", 1.0), serious=["no"]))
    row = results.one(rows, outcome="interest", level="Anaemia", statistic="event_count")
    assert row["estimate"] == 1
